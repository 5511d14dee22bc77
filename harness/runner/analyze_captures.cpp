#include "runner/analyze_captures.h"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "base/error.h"
#include "base/read_file.h"
#include "capture/capture_file.h"
#include "measure/capture_analysis.h"
#include "measure/node_counters.h"

namespace offlab {
namespace {

// A file that ends inside a packet is good up to there.
class GoodPart : public FrameSource {
 public:
  explicit GoodPart(const std::filesystem::path& file) : file_(open_capture_file(file)) {}

  bool next(Frame& frame) override {
    if (!cut_off_.empty()) return false;
    try {
      return file_->next(frame);
    } catch (const TruncatedCapture& truncated) {
      cut_off_ = truncated.what();
      return false;
    }
  }

  const std::string& cut_off() const { return cut_off_; }

 private:
  std::unique_ptr<CaptureFile> file_;
  std::string cut_off_;
};

CaptureSurvey survey(const std::filesystem::path& file, std::string& cut_off) {
  GoodPart frames(file);
  CaptureSurvey seen = survey_capture(frames);
  if (cut_off.empty()) cut_off = frames.cut_off();
  return seen;
}

CaptureMeasurements measure(const LegIntent& intent, const JudgedCaptures& files, const CaptureSurvey& in,
                            const std::optional<CaptureSurvey>& out) {
  CaptureAnalysis analysis(intent, intent.hops.at(0), Connections::all);
  if (out) analysis.end_at(in.last_ns, out->last_ns);
  GoodPart before(files.ingress);
  DirectedFrames ingress(before, intent.source, true);
  if (!files.egress) {
    analysis.read(&ingress, nullptr);
    return analysis.take();
  }
  GoodPart behind(*files.egress);
  DirectedFrames egress(behind, intent.source, false);
  analysis.read(&ingress, &egress);
  return analysis.take();
}

// Is there anything at all of the sender's connections, a SYN say?
bool mentions(const std::filesystem::path& file, const FlowKey& flow) {
  GoodPart frames(file);
  Frame frame;
  while (frames.next(frame)) {
    const auto packet = glance_at_packet(frame);
    if (!packet || !packet->tcp) continue;
    const FlowKey& seen = packet->flow;
    if ((seen.source == flow.source && seen.source_port == flow.source_port) ||
        (seen.destination == flow.source && seen.destination_port == flow.source_port))
      return true;
  }
  return false;
}

std::uint64_t carried(const CaptureSurvey& survey, const FlowKey& flow) {
  const SurveyedFlow* known = survey.flows.find(flow);
  return known == nullptr ? 0 : known->payload_bytes;
}

// Is it the second file that was captured before the router? By the main flow of each: behind a router that lets
// nothing through there is no data of it, but its SYN or acknowledgements.
bool second_is_before(const FlowKey& flow, const FlowKey& other, const CaptureSurvey& first,
                      const CaptureSurvey& second, const std::filesystem::path& second_file) {
  if (carried(first, other) == 0 && carried(second, other) > carried(first, flow)) return true;
  if (carried(second, flow) == 0) return !mentions(second_file, flow) && is_swapped(other, first, second);
  return is_swapped(flow, first, second) && is_swapped(other, first, second);
}

// Two files of one transfer, one from each side of the router.
void require_two_sides(const JudgedCaptures& judged, const CaptureSurvey& out) {
  const FlowKey& flow = judged.flow;
  if (out.flows.find(flow) != nullptr || mentions(*judged.egress, flow)) return;
  throw Error(fmt::format("{} has nothing of what {} sent from port {}, as {} has it", judged.egress->string(),
                          to_string(flow.source), flow.source_port, judged.ingress.string()),
              "capture the same transfer on both sides of the router; or give one file");
}

Counters counters_in(const std::filesystem::path& file) {
  const std::string text = read_whole_file(file);
  return with_frame(file.string(), [&] { return parse_counter_text(text); });
}

void add_counters(const ForeignEvidence& evidence, const LegIntent& intent, LegMeasurements& leg) {
  leg.missing = {"settings", "kernel logs"};
  if (evidence.counters.empty()) {
    leg.missing.emplace_back("counters");
    return;
  }
  NodeCounters before;
  NodeCounters after;
  for (const auto& [node, files] : evidence.counters) {
    before[node] = counters_in(files.before);
    after[node] = counters_in(files.after);
  }
  read_counters(intent, intent.hops.at(0), before, after, leg);
}

}  // namespace

JudgedCaptures analyze_captures(const ForeignEvidence& evidence, const AssumedRouter& router) {
  const auto& [first, second, counters] = evidence;
  JudgedCaptures judged;
  judged.ingress = first;
  judged.egress = second;
  std::error_code missing;  // tells itself when the file is opened
  if (second && std::filesystem::equivalent(first, *second, missing))
    throw Error(fmt::format("{} is given twice", first.string()),
                "give it alone, or with a capture of the router's other side");
  CaptureSurvey in = survey(first, judged.cut_off);
  std::optional<CaptureSurvey> out;
  if (second) out = survey(*second, judged.cut_off);
  auto flow = main_flow(in);
  if (const auto other = out ? main_flow(*out) : std::nullopt;
      other && (!flow || second_is_before(*flow, *other, in, *out, *second))) {
    std::swap(judged.ingress, *judged.egress);
    std::swap(in, *out);
    flow = other;
  }
  if (!flow) throw Error(fmt::format("{} has no TCP data", first.string()));
  judged.flow = *flow;
  if (out) require_two_sides(judged, *out);
  judged.intent = intent_of_captures(*flow, in, judged.ingress.filename().string(), out ? &*out : nullptr,
                                     judged.egress ? judged.egress->filename().string() : "", router);
  judged.measured.capture = measure(judged.intent, judged, in, out);
  judged.measured.device = "router";
  judged.measured.ingress_lro = router.lro;
  add_counters(evidence, judged.intent, judged.measured);
  const MeasureOptions options;
  const LegEvidence leg{judged.intent, judged.measured, nullptr, "", options};
  judged.verdict = judge_captures(leg);
  return judged;
}

}  // namespace offlab
