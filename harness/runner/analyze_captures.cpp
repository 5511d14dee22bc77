#include "runner/analyze_captures.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/core.h>

#include "base/error.h"
#include "base/read_file.h"
#include "capture/capture_set.h"
#include "capture/encapsulation.h"
#include "measure/capture_analysis.h"
#include "measure/fetch_connections.h"
#include "measure/node_counters.h"
#include "measure/selected_frames.h"

namespace offlab {
namespace {

// A capture, and what is known of it.
struct Surveyed {
  CaptureSet files;
  CaptureSurvey survey;
  CaptureSides sides = {};

  // For people: a path, or what there is of several.
  std::string name() const { return files.files().size() == 1 ? files.files().front().string() : files.name(); }

  explicit Surveyed(const std::vector<std::filesystem::path>& paths) : files(paths) {
    const auto frames = files.open();
    survey = survey_capture(*frames);
  }
};

// Only of the judged connections.
class JudgedOnly : public FrameSource {
 public:
  JudgedOnly(FrameSource& frames, const JudgedFlow& judged) : frames_(frames), judged_(judged) {}
  bool next(Frame& frame) override {
    while (frames_.next(frame)) {
      const auto packet = glance_at_packet(frame);
      if (packet && packet->tcp && judged_.has(packet->flow)) return true;
    }
    return false;
  }

 private:
  FrameSource& frames_;
  const JudgedFlow& judged_;
};

// The headers around the packets of the judged connections, those of the first one.
std::string headers_around(const Surveyed& one, const JudgedFlow& judged) {
  const auto frames = one.files.open();
  JudgedOnly only(*frames, judged);
  Frame frame;
  return only.next(frame) ? describe_encapsulation(frame) : "";
}

// A capture whose sample has mostly other connections is looked at again.
void look_for_sides(Surveyed& one, const JudgedFlow& judged) {
  constexpr std::size_t enough = 200;
  const auto sampled =
      static_cast<std::size_t>(std::count_if(one.survey.sightings.all().begin(), one.survey.sightings.all().end(),
                                             [&](const Sighting& sighting) { return judged.has(sighting.flow); }));
  const JudgedShare share = share_of(judged, one.survey);
  if (sampled < enough && share.forth_packets + share.back_packets > sampled) {
    const auto frames = one.files.open();
    JudgedOnly only(*frames, judged);
    one.survey.sightings = survey_capture(only).sightings;
  }
  one.sides = CaptureSides(one.survey.sightings, judged);
}

// By how much the TTL of packets that two captures have is lower in the second, most often; nothing when they have
// none.
std::optional<int> hops_between(const Surveyed& first, const Surveyed& second, const JudgedFlow& judged) {
  std::unordered_map<std::uint64_t, int> hop_limits;
  const auto hop_limit = [](const Surveyed& one, const Sighting& sighting) {
    return int{one.survey.sightings.viewpoints()[sighting.viewpoint].hop_limit};
  };
  for (const Sighting& one : first.survey.sightings.all())
    if (judged.has(one.flow)) hop_limits.emplace(one.identity, hop_limit(first, one));
  std::map<int, std::size_t> votes;
  for (const Sighting& one : second.survey.sightings.all()) {
    const auto same = hop_limits.find(one.identity);
    if (same == hop_limits.end() || !judged.has(one.flow)) continue;
    const int less = same->second - hop_limit(second, one);
    ++votes[judged.is_forth(one.flow) ? less : -less];
  }
  if (votes.empty()) return std::nullopt;
  return std::max_element(votes.begin(), votes.end(), [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

std::uint64_t carried(const CaptureSurvey& survey, const FlowKey& flow) {
  const SurveyedFlow* known = survey.flows.find(flow);
  return known == nullptr ? 0 : known->payload_bytes;
}

// Is there anything at all of the sender's connections, a SYN say?
bool mentions(const CaptureSurvey& survey, const FlowKey& flow) {
  return std::any_of(survey.flows.begin(), survey.flows.end(), [&](const SurveyedFlow& one) {
    const FlowKey& seen = one.flow;
    return (seen.source == flow.source && seen.source_port == flow.source_port) ||
           (seen.destination == flow.source && seen.destination_port == flow.source_port);
  });
}

// Without a packet that both have: by the main flow of each. Behind a router that lets nothing through there is no data
// of it, but its SYN or acknowledgements.
bool looks_swapped(const FlowKey& flow, const FlowKey& other, const CaptureSurvey& first, const CaptureSurvey& second) {
  if (carried(first, other) == 0 && carried(second, other) > carried(first, flow)) return true;
  if (carried(second, flow) == 0) return !mentions(second, flow) && is_swapped(other, first, second);
  return is_swapped(flow, first, second) && is_swapped(other, first, second);
}

// In words, what there is instead of TCP.
Error nothing_to_judge(const Surveyed& one) {
  std::map<std::string, std::uint64_t> unread;
  const auto frames = one.files.open();
  constexpr std::uint64_t looked_at = 100'000;
  std::uint64_t number = 0;
  for (Frame frame; number < looked_at && frames->next(frame); ++number)
    if (const auto protocol = unread_protocol(frame)) ++unread[std::string(*protocol)];
  std::string text = fmt::format("{} has no TCP data", one.name());
  for (const auto& [protocol, count] : unread)
    text += fmt::format("; {} of {} frames are {}, which is not read here", count, number, protocol);
  return Error(text, unread.empty() ? "" : "capture where the TCP packets are not wrapped in it");
}

class Analysis {
 public:
  Analysis(const ForeignEvidence& evidence, const AssumedRouter& router) : evidence_(evidence), router_(router) {}

  JudgedCaptures run() {
    std::vector<std::filesystem::path> files = evidence_.first;
    files.insert(files.end(), evidence_.second.begin(), evidence_.second.end());
    require_different_files(files);
    before_.emplace(evidence_.first);
    if (!evidence_.second.empty()) behind_.emplace(evidence_.second);
    if (!choose_flow()) return without_flow();
    look_for_sides(*before_, judged_.judged);
    if (behind_) look_for_sides(*behind_, judged_.judged);
    put_in_order();
    measure();
    describe_captures();
    add_counters();
    const MeasureOptions options;
    judged_.verdict = judge_captures({judged_.intent, judged_.measured, nullptr, "", options}, judged_.signs);
    return std::move(judged_);
  }

 private:
  // What the captures tell without data: the errors in them, or why there is nothing.
  JudgedCaptures without_flow() {
    if (evidence_.choice.flow || evidence_.choice.port)
      throw Error(fmt::format("{} has no TCP data of that flow", before_->name()),
                  "offlab analyze --flows FILE lists the flows");
    const bool something = !before_->survey.refusals.empty() || before_->survey.tcp_cut_off > 0;
    if (!something) throw nothing_to_judge(*before_);
    judged_.has_flow = false;
    judged_.ingress = before_->name();
    if (behind_) judged_.egress = behind_->name();
    describe_captures();
    judged_.verdict.undecided = before_->survey.tcp_cut_off > 0
                                    ? "the frames were cut off before the end of their TCP headers"
                                    : "the captures have no TCP data, only errors about it";
    return std::move(judged_);
  }

  bool choose_flow() {
    auto flow = main_flow(before_->survey, evidence_.choice, behind_ ? &behind_->survey : nullptr);
    if (behind_) {
      const auto other = main_flow(behind_->survey, evidence_.choice, &before_->survey);
      if (other &&
          (!flow || (!evidence_.sides_are_known && looks_swapped(*flow, *other, before_->survey, behind_->survey)))) {
        flow = other;
        if (!evidence_.sides_are_known && !has_one_direction_each(*flow)) std::swap(before_, behind_);
      }
    }
    if (!flow) return false;
    judged_.flow = *flow;
    const bool in_behind = behind_ && carried(before_->survey, *flow) == 0;
    judged_.judged = judged_with(*flow, in_behind ? behind_->survey : before_->survey);
    if (behind_ && !mentions(behind_->survey, *flow) && share_of(judged_.judged, behind_->survey).back_packets == 0)
      throw Error(fmt::format("{} has nothing of what {} sent from port {}, as {} has it", behind_->name(),
                              to_string(flow->source), flow->source_port, before_->name()),
                  "capture the same transfer on both sides of the router; or give one file");
    return true;
  }

  // As pktcap-uw captures by default: what the router's port sends. Nothing tells then which side is which.
  bool has_one_direction_each(const FlowKey& flow) const {
    const auto forth = [&](const Surveyed& one) { return one.survey.flows.find(flow) != nullptr; };
    const auto back = [&](const Surveyed& one) { return one.survey.flows.find(reversed(flow)) != nullptr; };
    return forth(*before_) != forth(*behind_) && back(*before_) != back(*behind_);
  }

  void put_in_order() {
    hops_ = before_->sides.hops();
    judged_.both_in_one = !behind_ && before_->sides.has_both();
    judged_.sides = before_->sides.words();
    if (!behind_) return;
    const auto hops = hops_between(*before_, *behind_, judged_.judged);
    judged_.order_is_known = evidence_.sides_are_known || hops.value_or(0) != 0;
    if (!evidence_.sides_are_known && hops.value_or(0) < 0) std::swap(before_, behind_);
    const unsigned forwarded = is_bridge() ? 0 : 1;
    hops_ = hops ? static_cast<unsigned>(std::abs(*hops)) : forwarded;
    if (hops_ > 0) judged_.sides = fmt::format("TTL {} lower behind", hops_);
  }

  bool is_bridge() const {
    const SurveyedFlow* in = before_->survey.flows.find(judged_.flow);
    const SurveyedFlow* out = behind_->survey.flows.find(judged_.flow);
    return in != nullptr && out != nullptr && in->hop_limit == out->hop_limit;
  }

  const Surveyed& egress() const { return behind_ ? *behind_ : *before_; }
  bool has_egress() const { return behind_ || judged_.both_in_one; }
  // Where both sides are in the file behind, the later one counts.
  Side egress_side() const { return egress().sides.has_both() ? Side::behind : Side::before; }

  void measure() {
    const std::string ingress_name = before_->name();
    judged_.ingress = ingress_name;
    if (has_egress()) judged_.egress = egress().name();
    const auto file_name = [](const std::string& name) { return std::filesystem::path(name).filename().string(); };
    judged_.intent = intent_of_captures(judged_.flow, judged_.judged, before_->survey, file_name(ingress_name),
                                        judged_.egress ? file_name(*judged_.egress) : "", router_);
    HopIntent& hop = judged_.intent.hops.at(0);
    hop.forwards = hops_ > 0;
    CaptureAnalysis analysis(judged_.intent, hop, Connections::all);
    CaptureAnalysis::Foreign foreign{hops_};
    foreign.ingress = {before_->survey.first_ns, before_->survey.last_ns};
    const auto in_file = before_->files.open();
    SelectedFrames ingress(*in_file, {judged_.judged, before_->sides, Side::before, true, needs_sorting(*before_)});
    if (!has_egress()) {
      analysis.judge_foreign(foreign);
      analysis.read(&ingress, nullptr);
    } else {
      judged_.clock = clock_difference({before_->survey.sightings, before_->sides, Side::before},
                                       {egress().survey.sightings, egress().sides, egress_side()}, judged_.judged);
      const auto out_file = egress().files.open();
      SelectedFrames out(
          *out_file, {judged_.judged, egress().sides, egress_side(), false, needs_sorting(egress()), judged_.clock});
      foreign.egress = {judged_.clock.corrected(egress().survey.first_ns),
                        judged_.clock.corrected(egress().survey.last_ns)};
      analysis.judge_foreign(foreign);
      analysis.read(&ingress, &out);
    }
    judged_.signs = analysis.signs();
    judged_.signs.icmp_frames =
        judged_.flow.source.family == Family::ipv6 ? before_->survey.icmp6_frames : before_->survey.icmp_frames;
    judged_.signs.forth_behind = has_egress() ? share_of(judged_.judged, egress().survey).forth_packets : 0;
    judged_.measured.capture = analysis.take();
    judged_.measured.device = "router";
    judged_.measured.ingress_lro = router_.lro;
  }

  static bool needs_sorting(const Surveyed& one) {
    constexpr std::int64_t tolerable_ns = 100'000;
    return one.survey.goes_back_ns > tolerable_ns;
  }

  void describe_captures() {
    for (const auto* one : {&before_, &behind_}) {
      if (!*one) continue;
      const CaptureSurvey& survey = (*one)->survey;
      CaptureOverview overview;
      overview.name = (*one)->name();
      overview.begin_seconds = static_cast<double>(survey.first_ns) * 1e-9;
      overview.seconds = static_cast<double>(survey.last_ns - survey.first_ns) * 1e-9;
      overview.frames = survey.frames;
      overview.snap_length = survey.snap_length;
      overview.tcp_cut_off = survey.tcp_cut_off;
      overview.copies = (*one)->sides.copies();
      overview.judged = share_of(judged_.judged, survey);
      overview.payload_bytes = survey.payload_bytes;
      if (judged_.has_flow) overview.inside = headers_around(**one, judged_.judged);
      judged_.captures.push_back(overview);
      if (judged_.cut_off.empty()) judged_.cut_off = (*one)->files.cut_off();
    }
    judged_.refusals = before_->survey.refusals;
  }

  static Counters counters_in(const std::filesystem::path& file) {
    const std::string text = read_whole_file(file);
    return with_frame(file.string(), [&] { return parse_counter_text(text); });
  }

  void add_counters() {
    LegMeasurements& leg = judged_.measured;
    leg.missing = {"settings", "kernel logs"};
    if (evidence_.counters.empty()) {
      leg.missing.emplace_back("counters");
      return;
    }
    NodeCounters before;
    NodeCounters after;
    for (const auto& [node, files] : evidence_.counters) {
      before[node] = counters_in(files.before);
      after[node] = counters_in(files.after);
    }
    read_counters(judged_.intent, judged_.intent.hops.at(0), before, after, leg);
  }

  const ForeignEvidence& evidence_;
  const AssumedRouter& router_;
  std::optional<Surveyed> before_;
  std::optional<Surveyed> behind_;
  unsigned hops_ = 1;
  JudgedCaptures judged_;
};

}  // namespace

JudgedCaptures analyze_captures(const ForeignEvidence& evidence, const AssumedRouter& router) {
  return Analysis(evidence, router).run();
}

FlowList list_flows(const std::vector<std::filesystem::path>& files, std::size_t most) {
  const Surveyed one(files);
  const CaptureSurvey& survey = one.survey;
  FlowList list;
  for (const SurveyedFlow& flow : survey.flows)
    if (flow.payload_bytes > 0) list.flows.push_back(flow);
  std::sort(list.flows.begin(), list.flows.end(), [](const SurveyedFlow& a, const SurveyedFlow& b) {
    return a.payload_bytes != b.payload_bytes ? a.payload_bytes > b.payload_bytes : a.flow < b.flow;
  });
  list.others = survey.forgotten_flows + (list.flows.size() > most ? list.flows.size() - most : 0);
  if (list.flows.size() > most) list.flows.resize(most);
  list.payload_bytes = survey.payload_bytes;
  for (const SurveyedFlow& flow : list.flows)
    if (const auto errors = survey.refused.find(flow.flow); errors != survey.refused.end())
      list.refused[flow.flow] = errors->second;
  return list;
}

}  // namespace offlab
