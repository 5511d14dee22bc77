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

// The analysis of the file against itself, as if the same frames had been seen on both sides of a router.
void analyse(const std::string& file) {
  const CaptureSurvey survey = survey_capture(*open_capture_file(file));
  const auto flow = main_flow(survey);
  if (!flow) return;
  const LegIntent intent = intent_of_captures(*flow, survey, "before", &survey, "behind", {});
  const auto before = open_capture_file(file);
  const auto behind = open_capture_file(file);
  DirectedFrames in(*before, intent.source, true);
  DirectedFrames out(*behind, intent.source, false);
  CaptureAnalysis analysis(intent, intent.hops.at(0), Connections::all);
  try {
    analysis.read(&in, &out);
  } catch (const Error&) {  // the frames' clock goes back, which a reader does not mind
    return;
  }
  const CaptureMeasurements seen = analysis.take();
  require(seen.superframes <= seen.data_frames, "a superframe is a data frame");
  require(seen.bogus + seen.honest + seen.untraced == seen.frag_needed, "each error is one of three");
  require(seen.unacked_tail_bytes <= seen.data_payload_bytes, "the tail is part of the data");
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
