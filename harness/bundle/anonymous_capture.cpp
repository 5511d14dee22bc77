#include "bundle/anonymous_capture.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include <fmt/core.h>

#include "base/error.h"
#include "bundle/anonymous_packet.h"
#include "bundle/capture_output.h"
#include "bundle/judged_traffic.h"
#include "bundle/new_captures.h"
#include "capture/capture_set.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t fixed_epoch_ns = 978'307'200'000'000'000;  // 2001-01-01T00:00:00Z

// Ethernet without addresses or content; local experimental EtherType 1 of IEEE 802.
constexpr std::array<std::uint8_t, 14> empty_frame = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x88, 0xb5};

// A capture, and what is to be made of it; frames by their numbers, from 1.
struct Plan {
  CaptureSet files;
  JudgedTraffic traffic;
  std::uint64_t frames = 0;
  std::uint64_t first = 0;  // in time
  std::uint64_t last = 0;
  std::int64_t first_ns = 0;
  std::int64_t last_ns = 0;
  std::uint64_t some_icmp = 0;  // 0: none is left out that must be told of
  CaptureForm form = {.has_segment_sizes = true};

  explicit Plan(const std::vector<fs::path>& paths, const JudgedTraffic& judged) : files(paths), traffic(judged) {
    bool has_icmp = false;
    const auto source = files.open();
    std::optional<Packet> packet;
    for (Frame frame; source->next(frame);) {
      see_time(frame.time_ns);
      form.has_segment_sizes = form.has_segment_sizes && frame.has_vnet;
      glance_at_packet(frame, packet);
      if (!traffic.is_icmp(packet)) continue;
      if (traffic.has(frame, packet))
        has_icmp = true;
      else if (some_icmp == 0)
        some_icmp = frames;
    }
    if (has_icmp) some_icmp = 0;
  }

 private:
  void see_time(std::int64_t now_ns) {
    if (++frames == 1) first_ns = last_ns = now_ns;
    if (frames == 1 || now_ns < first_ns) {
      first = frames;
      first_ns = now_ns;
    }
    if (now_ns >= last_ns) {
      last = frames;
      last_ns = now_ns;
    }
  }
};

class Anonymisation {
 public:
  Anonymisation(const JudgedEvidence& original, AnonymousAddresses& addresses)
      : original_(original), addresses_(addresses) {
    const auto files = files_in_order(original);
    for (std::size_t at = 0; at < files.size(); ++at)
      plans_.emplace_back(files[at], JudgedTraffic(original.judged, at));
  }

  std::int64_t first_ns() const {
    std::optional<std::int64_t> first;
    for (const Plan& plan : plans_)
      if (plan.frames > 0) first = std::min(first.value_or(plan.first_ns), plan.first_ns);
    return first.value_or(fixed_epoch_ns);
  }

  std::vector<AnonymousCapture> write(const fs::path& folder, const std::vector<std::string>& names,
                                      std::int64_t shift_ns) {
    std::vector<AnonymousCapture> all;
    for (std::size_t at = 0; at < plans_.size(); ++at) {
      all.push_back(write(plans_[at], folder / names.at(at), shift_ns));
      all.back().file = names.at(at);
    }
    return all;
  }

  ForeignEvidence evidence(const fs::path& folder, const CaptureNames& names) {
    ForeignEvidence made = evidence_in(folder, names, original_);
    if (std::optional<FlowKey>& flow = made.choice.flow) {
      flow->source = addresses_.of(flow->source);
      flow->destination = addresses_.of(flow->destination);
    }
    return made;
  }

  void require_same(const JudgedCaptures& made) {
    const JudgedCaptures& original = original_.judged;
    std::string differs = difference(original, made);
    if (differs.empty() && original.has_flow &&
        (addresses_.of(original.judged.source) != made.judged.source ||
         addresses_.of(original.judged.destination) != made.judged.destination))
      differs = "other hosts are judged";
    if (!differs.empty())
      throw Error(fmt::format("{} is not judged the same without its addresses and payload: {}",
                              original.captures.at(0).name, differs),
                  "name the flow to be judged (offlab analyze --flows FILE lists them), or hand over the captures as "
                  "they are");
  }

 private:
  AnonymousCapture write(const Plan& plan, const fs::path& file, std::int64_t shift_ns) {
    CaptureOutput output(file, plan.form);
    PacketAnonymiser packets(addresses_);
    const auto source = plan.files.open();
    std::optional<Packet> packet;
    std::uint64_t kept = 0;
    std::uint64_t number = 0;
    for (Frame frame; source->next(frame);) {
      ++number;
      glance_at_packet(frame, packet);
      std::optional<Frame> rewritten;
      if (number == plan.some_icmp || plan.traffic.has(frame, packet)) rewritten = packets.rewrite(frame);
      if (rewritten)
        ++kept;
      else if (number == plan.first || number == plan.last)
        rewritten = emptied(frame);
      else
        continue;
      rewritten->time_ns += shift_ns;
      output.write(*rewritten);
    }
    output.finish();
    return {{}, kept, number - kept, output.bytes()};
  }

  static Frame emptied(const Frame& frame) {
    Frame empty;
    empty.time_ns = frame.time_ns;
    empty.interface = frame.interface;
    empty.link_index = frame.link_index;
    empty.length = empty_frame.size();
    empty.bytes = empty_frame;
    return empty;
  }

  const JudgedEvidence& original_;
  AnonymousAddresses& addresses_;
  std::vector<Plan> plans_;
};

}  // namespace

AnonymousCaptures anonymise_captures(const JudgedEvidence& original, const AssumedRouter& router,
                                     AnonymousAddresses& addresses, const fs::path& folder, const CaptureNames& names,
                                     CaptureTimes times) {
  const std::vector<std::string> files = names_of(names, original);
  Anonymisation anonymisation(original, addresses);
  NewCaptures fresh(folder);
  AnonymousCaptures made;
  if (times == CaptureTimes::shifted) made.shift_ns = fixed_epoch_ns - anonymisation.first_ns();
  made.captures = anonymisation.write(fresh.path(), files, made.shift_ns);
  made.made.judged = analyze_captures(anonymisation.evidence(fresh.path(), names), router);
  anonymisation.require_same(made.made.judged);
  comment_findings(made.made.judged, fresh.path());
  for (AnonymousCapture& one : made.captures) {
    one.bytes = fs::file_size(fresh.path() / one.file);
    one.file = folder / one.file;
  }
  fresh.take_their_places(files);
  made.made.evidence = anonymisation.evidence(folder, names);
  move_names(made.made.judged, folder);
  return made;
}

}  // namespace offlab
