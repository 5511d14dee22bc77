// Captures of a real network made fit to be handed over: the headers of what was judged, with other addresses, and
// nothing else.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "bundle/anonymous_addresses.h"
#include "bundle/judged_evidence.h"

namespace offlab {

enum class CaptureTimes : std::uint8_t {
  kept,
  shifted,  // the captures together begin at 2001-01-01T00:00:00Z; all of them by the same shift
};

struct AnonymousCapture {
  std::filesystem::path file;
  std::uint64_t kept = 0;     // frames
  std::uint64_t dropped = 0;  // frames that the verdict is not about
  std::uint64_t bytes = 0;
};

struct AnonymousCaptures {
  JudgedEvidence made;                     // the new files, and what is judged of them; counters stay as they were
  std::vector<AnonymousCapture> captures;  // before the router first
  std::int64_t shift_ns = 0;               // was added to all times
};

// Keeps the frames of JudgedTraffic, each as PacketAnonymiser rewrites it, with its time, its length on the link,
// segment size and direction. Names of interfaces and hosts, comments and all else that a file may say stay behind.
//
// So that it is judged the same, two things more are kept: where no ICMP is left though there was some, one frame of it
// with nothing but its type ("ICMP was captured here"); and in place of a file's first and last frame, where these are
// dropped, an empty frame of EtherType 0x88b5 (for experiments) at its time ("the capture was that long").
//
// Writes one file for each capture into `folder`, with the findings as packet comments, in place of old files of that
// name; all of them, or none. `addresses` may be used for several captures, and has the mapping afterwards; the texts
// in `made.judged` have the new addresses.
//
// Throws Error when a capture cannot be read or is damaged, when a file cannot be written, and when what was written is
// not judged the same (bundle/judged_evidence.h, difference()) or by other hosts.
AnonymousCaptures anonymise_captures(const JudgedEvidence& original, const AssumedRouter& router,
                                     AnonymousAddresses& addresses, const std::filesystem::path& folder,
                                     const CaptureNames& names = {}, CaptureTimes times = CaptureTimes::kept);

}  // namespace offlab
