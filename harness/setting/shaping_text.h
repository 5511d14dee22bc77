// A network's rate, delay, loss and queue as people write them.
#pragma once

#include <optional>
#include <string_view>

#include "base/units.h"

namespace offlab {

// "0.5%" or "0.005": a share from 0 to 1.
std::optional<double> parse_share(std::string_view text);

// "100mbit": from 8 kbit/s to 100 Gbit/s.
std::optional<BitRate> parse_rate(std::string_view text);
// "10ms", at most 10 s, and "0.5%": with their units, which tc reads otherwise than we would (`loss 1` is 1 %); "0" is
// nothing.
std::optional<double> parse_delay(std::string_view text);
std::optional<double> parse_loss(std::string_view text);
// "200kB": from 70 kB, which the longest frame takes, to 100 MB.
std::optional<ByteCount> parse_queue(std::string_view text);

}  // namespace offlab
