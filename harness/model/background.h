// Load beside a flow that is measured: another sender, which is not judged.
#pragma once

#include <optional>
#include <string_view>

#include "base/units.h"

namespace offlab {

// `bsd`: a sender that answers each "fragmentation needed" with its whole window again, as stacks derived from BSD did
// (guest/bsd_stream.h).
// `tcp`, `udp`: iperf3's bulk TCP, or datagrams at a steady rate.
enum class BackgroundSender { off, bsd, tcp, udp };

std::string_view to_string(BackgroundSender sender);  // "off", "bsd", "tcp", "udp"
std::optional<BackgroundSender> parse_background_sender(std::string_view text);

struct Background {
  BackgroundSender sender = BackgroundSender::off;
  unsigned streams = 0;      // at the same time; 0: 100 of bsd, one of the others
  ByteCount object{20'000};  // bsd: that each of them is sent ...
  double every_seconds = 4;  // ... so often
  BitRate rate{100e6};       // what all of them send at most
  bool opposite = false;     // tcp, udp: from the flow's receiver to its sender
  bool operator==(const Background&) const = default;
};

unsigned streams_of(const Background& background);

}  // namespace offlab
