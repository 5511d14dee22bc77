#include "fuzz/read_capture.h"

#include <cstdio>
#include <cstdlib>

#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "capture/capture_file.h"
#include "capture/encapsulation.h"
#include "capture/link_types.h"
#include "capture/packet.h"
#include "measure/capture_analysis.h"
#include "measure/capture_survey.h"
#include "measure/selected_frames.h"

namespace offlab {
namespace {

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

// Reads every byte, for the address sanitizer to watch.
unsigned sum_of(std::span<const std::uint8_t> bytes) {
  unsigned sum = 0;
  for (const std::uint8_t byte : bytes) sum += byte;
  return sum;
}

void check_frame(const Frame& frame, const CaptureFile& capture) {
  static volatile unsigned sum = 0;
  sum = sum + sum_of(frame.bytes);
  require(frame.bytes.size() <= frame.length, "not more bytes than were on the link");
  require(frame.interface < capture.interfaces().size(), "its interface is described");
  require(frame.has_direction || !frame.to_guest, "no direction unless it was recorded");
  require(frame.has_vnet || (frame.gso == GsoType::none && !frame.needs_checksum), "no segments unless recorded");
}

// What one frame's headers are read for agrees with itself.
void check_headers(const Frame& frame, const CaptureFile& capture, const std::optional<Packet>& packet) {
  const std::uint32_t link_type = capture.interfaces().at(frame.interface).link_type;
  require(is_read(link_type) || frame.bytes.empty(), "frames of links that are not read have no bytes");
  require(!name_of_link(link_type).empty(), "every link has a name");
  const auto glanced = glance_at_packet(frame);
  require(glanced.has_value() == packet.has_value(), "a glance sees the packets that a closer look sees");
  require(describe_encapsulation(frame).size() < 400, "there is an end to what is around a packet");
  const auto unread = unread_protocol(frame);
  require(!unread || !unread->empty(), "what is not read has a name");
  require(!unread || !packet || !packet->tcp, "TCP that is read is not unread");
  if (!packet) return;
  require(glanced->flow == packet->flow && glanced->length == packet->length && glanced->place == packet->place,
          "a glance sees the same packet");
  require(!packet->too_big || is_icmp(frame), "an error is ICMP");
  require(!packet->tcp || is_from(packet->flow.source, frame), "a packet is from its source");
  require(!describe_packet(*packet, 0).empty(), "it can be described");
}

// The name of a file in memory: what is opened is a file as ever, but no disk is involved.
const std::string& file_of(std::span<const std::uint8_t> bytes) {
  static const int file = memfd_create("capture", MFD_CLOEXEC);
  static const std::string name = "/proc/self/fd/" + std::to_string(file);
  require(ftruncate(file, 0) == 0, "the file is empty");
  require(pwrite(file, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()), "the file is written");
  return name;
}

void require_consistency(const CaptureMeasurements& seen) {
  require(seen.superframes <= seen.data_frames, "a superframe is a data frame");
  require(seen.bogus + seen.honest + seen.untraced == seen.frag_needed, "each error is one of three");
  require(seen.unacked_tail_bytes <= seen.data_payload_bytes, "the tail is part of the data");
}

// One side of the file as it is, or in the order of time, on the clock of the other side.
Selection selection(const JudgedFlow& judged, const CaptureSides& sides, Side side, bool sort,
                    const ClockDifference& clock) {
  return {judged, sides, side, side == Side::before, sort, clock};
}

// The analysis of the file against itself, as if the same frames had been seen on both sides of a router; and of its
// two sides, where it has them.
void analyse(const std::string& file) {
  CaptureSurvey survey = survey_capture(*open_capture_file(file));
  const auto flow = main_flow(survey);
  if (!flow) return;
  const JudgedFlow judged = judged_with(*flow, survey);
  const CaptureSides sides(survey.sightings, judged);
  const ClockDifference clock =
      clock_difference({survey.sightings, sides, Side::before}, {survey.sightings, sides, Side::behind}, judged);
  require(describe(clock).size() < 200, "the clocks can be described");
  const LegIntent intent = intent_of_captures(*flow, judged, survey, "before", "behind", {});
  for (const bool sort : {false, true}) {
    const auto before = open_capture_file(file);
    const auto behind = open_capture_file(file);
    SelectedFrames in(*before, selection(judged, sides, Side::before, sort, {}));
    SelectedFrames out(*behind, selection(judged, sides, sides.has_both() ? Side::behind : Side::before, sort, clock));
    CaptureAnalysis analysis(intent, intent.hops.at(0), Connections::all);
    analysis.judge_foreign({sides.hops(), {survey.first_ns, survey.last_ns}, {}});
    try {
      analysis.read(&in, &out);
    } catch (const Error&) {  // the frames' clock goes back, which a reader does not mind
      continue;
    }
    require_consistency(analysis.take());
  }
}

}  // namespace

CaptureReading read_capture(std::span<const std::uint8_t> bytes) {
  CaptureReading reading;
  try {
    const auto capture = open_capture_file(file_of(bytes));
    for (Frame frame; capture->next(frame);) {
      check_frame(frame, *capture);
      ++reading.frames;
      const auto packet = parse_packet(frame);
      if (packet) ++reading.packets;
      check_headers(frame, *capture, packet);
    }
    analyse(file_of(bytes));
  } catch (const TruncatedCapture& error) {
    require(error.complete_frames() == reading.frames, "a cut-off file tells how many frames were complete");
    reading.refused = error.what();
  } catch (const Error& error) {
    reading.refused = error.what();
  }
  return reading;
}

}  // namespace offlab
