// Load beside a flow that is measured: another sender, which is not judged.
#pragma once

#include <optional>
#include <string_view>

#include "base/units.h"

namespace offlab {

// `bsd`: a sender that answers each "fragmentation needed" with its whole window again, as stacks derived from BSD did
// (guest/bsd_stream.h).
enum class BackgroundSender { off, bsd };

std::string_view to_string(BackgroundSender sender);  // "off", "bsd"
std::optional<BackgroundSender> parse_background_sender(std::string_view text);

struct Background {
  BackgroundSender sender = BackgroundSender::off;
  unsigned streams = 100;    // connections at the same time
  ByteCount object{20'000};  // that each of them is sent ...
  double every_seconds = 4;  // ... so often
  BitRate rate{100e6};       // what all of them send at most
  bool operator==(const Background&) const = default;
};

}  // namespace offlab
