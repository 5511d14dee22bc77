#include "bundle/capture_slice.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include <fmt/core.h>

#include "base/error.h"
#include "bundle/capture_output.h"
#include "bundle/new_captures.h"
#include "capture/capture_set.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t millisecond = 1'000'000;
constexpr std::size_t enough_evidence = 6;
constexpr std::int64_t after_evidence_ns = 50 * millisecond;
constexpr std::int64_t after_begin_ns[] = {200 * millisecond,   500 * millisecond,   1'000 * millisecond,
                                           2'000 * millisecond, 5'000 * millisecond, 10'000 * millisecond};

// A capture that was judged, and what one pass over it tells. Times are on the clock of the capture before the router.
struct SlicedFiles {
  CaptureSet files;
  std::string name;       // of the slice
  std::string point;      // as findings name it
  ClockDifference clock;  // of this capture

  std::uint64_t frames = 0;
  std::int64_t first_ns = 0;
  std::int64_t last_ns = 0;
  std::int64_t goes_back_ns = 0;
  std::optional<std::int64_t> first_judged_ns = {};
  CaptureForm form = {.has_segment_sizes = true};

  void see(const Frame& frame, const JudgedCaptures& judged) {
    const std::int64_t now = clock.corrected(frame.time_ns);
    if (frames++ == 0) first_ns = last_ns = now;
    first_ns = std::min(first_ns, now);
    goes_back_ns = std::max(goes_back_ns, last_ns - now);
    last_ns = std::max(last_ns, now);
    form.has_segment_sizes = form.has_segment_sizes && frame.has_vnet;
    if (first_judged_ns || !judged.has_flow) return;
    const auto packet = glance_at_packet(frame);
    if (packet && packet->tcp && judged.judged.has(packet->flow)) first_judged_ns = now;
  }
};

class Slicing {
 public:
  Slicing(const JudgedEvidence& original, const AssumedRouter& router, fs::path folder, CaptureNames names)
      : original_(original), router_(router), folder_(std::move(folder)), names_(std::move(names)) {}

  CaptureSlice run() {
    look();
    NewCaptures fresh(folder_);
    CaptureSlice slice;
    for (const std::int64_t end_ns : ends()) {
      slice = write(fresh.path(), end_ns);
      if (is_judged_the_same(fresh.path(), slice)) break;
    }
    comment_findings(slice.made.judged, fresh.path());
    for (SlicedCapture& one : slice.captures) one.bytes = fs::file_size(fresh.path() / one.file);
    fresh.take_their_places(names_of(names_, original_));
    for (SlicedCapture& one : slice.captures) one.file = folder_ / one.file;
    slice.made.evidence = evidence_in(folder_, names_, original_);
    move_names(slice.made.judged, folder_);
    return slice;
  }

 private:
  void look() {
    const std::vector<std::string> names = names_of(names_, original_);
    const auto files = files_in_order(original_);
    for (std::size_t at = 0; at < files.size(); ++at) {
      const std::string& shown = original_.judged.captures.at(at).name;
      SlicedFiles one{.files = CaptureSet(files[at]),
                      .name = names.at(at),
                      .point = fs::path(shown).filename().string(),
                      .clock = at == 0 ? ClockDifference{} : original_.judged.clock};
      look_at(one);
      captures_.push_back(std::move(one));
    }
    first_ns_ = captures_.front().first_ns;
    last_ns_ = captures_.front().last_ns;
    for (const SlicedFiles& one : captures_) {
      if (one.frames == 0) continue;
      first_ns_ = std::min(first_ns_, one.first_ns);
      last_ns_ = std::max(last_ns_, one.last_ns);
    }
  }

  void look_at(SlicedFiles& one) {
    const std::set<std::uint64_t> evidence = evidence_in_file(one.point);
    const auto frames = one.files.open();
    Frame frame;
    while (frames->next(frame)) {
      one.see(frame, original_.judged);
      if (evidence.count(one.frames) != 0) evidence_ns_.push_back(one.clock.corrected(frame.time_ns));
    }
    for (const CaptureInterface& interface : one.files.interfaces()) one.form.interfaces.push_back(interface.name);
  }

  // Frames that show what is violated, by their numbers.
  std::set<std::uint64_t> evidence_in_file(const std::string& point) const {
    std::set<std::uint64_t> numbers;
    for (const Finding& finding : original_.judged.verdict.findings)
      if (finding.outcome == Outcome::fail)
        for (const EvidenceFrame& frame : finding.frames)
          if (frame.point == point) numbers.insert(frame.number);
    return numbers;
  }

  // In the order of time; the last one is that of everything.
  std::vector<std::int64_t> ends() {
    std::optional<std::int64_t> begin;
    for (const SlicedFiles& one : captures_)
      if (one.first_judged_ns) begin = std::min(begin.value_or(*one.first_judged_ns), *one.first_judged_ns);
    std::vector<std::int64_t> all;
    for (const std::int64_t later_ns : after_begin_ns) all.push_back(begin.value_or(first_ns_) + later_ns);
    std::sort(evidence_ns_.begin(), evidence_ns_.end());
    if (!evidence_ns_.empty()) {
      all.push_back(evidence_ns_[std::min(evidence_ns_.size(), enough_evidence) - 1] + after_evidence_ns);
      all.push_back(evidence_ns_.back() + after_evidence_ns);
    }
    std::erase_if(all, [&](std::int64_t end_ns) { return end_ns >= last_ns_; });
    std::sort(all.begin(), all.end());
    all.push_back(last_ns_);
    return all;
  }

  CaptureSlice write(const fs::path& folder, std::int64_t end_ns) const {
    CaptureSlice slice;
    slice.end_ns = end_ns;
    slice.seconds = static_cast<double>(end_ns - first_ns_) * 1e-9;
    slice.is_whole = end_ns == last_ns_;
    for (const SlicedFiles& one : captures_) {
      CaptureOutput output(folder / one.name, one.form);
      const auto frames = one.files.open();
      for (Frame frame; frames->next(frame);) {
        const std::int64_t now = one.clock.corrected(frame.time_ns);
        if (now <= end_ns) output.write(frame);
        if (now - one.goes_back_ns > end_ns) break;
      }
      output.finish();
      slice.captures.push_back({one.name, output.frames(), one.frames});
    }
    return slice;
  }

  // A slice that is too short may have nothing that can be judged. Of everything that is an error.
  bool is_judged_the_same(const fs::path& folder, CaptureSlice& slice) const {
    try {
      slice.made.judged = analyze_captures(evidence_in(folder, names_, original_), router_);
    } catch (const Error&) {
      if (slice.is_whole) throw;
      return false;
    }
    std::string differs = difference(original_.judged, slice.made.judged);
    const JudgedFlow& flow = original_.judged.judged;
    const JudgedFlow& other = slice.made.judged.judged;
    if (differs.empty() && (flow.source != other.source || flow.destination != other.destination))
      differs = "other hosts";
    if (slice.is_whole && !differs.empty())
      throw Error(fmt::format("{} is not judged the same once it is written as pcapng: {}",
                              original_.judged.captures.at(0).name, differs),
                  "hand over the captures as they are");
    return differs.empty();
  }

  const JudgedEvidence& original_;
  const AssumedRouter& router_;
  fs::path folder_;
  CaptureNames names_;
  std::vector<SlicedFiles> captures_;
  std::vector<std::int64_t> evidence_ns_;
  std::int64_t first_ns_ = 0;
  std::int64_t last_ns_ = 0;
};

}  // namespace

CaptureSlice slice_captures(const JudgedEvidence& original, const AssumedRouter& router, const fs::path& folder,
                            const CaptureNames& names) {
  return Slicing(original, router, folder, names).run();
}

}  // namespace offlab
