#include "verdict/other_sender.h"

#include <fmt/core.h>

#include "base/units.h"

namespace offlab {
namespace {

constexpr std::uint64_t certain_errors = 10;
constexpr double several_times = 2;
constexpr double nearly_all = 0.9;

std::string rate_of(std::uint64_t bytes, double seconds) {
  return to_string(BitRate{static_cast<double>(bytes) * 8 / seconds});
}

std::string words_about_iperf3(const BackgroundMeasurement& load) {
  const bool is_udp = load.sender == BackgroundSender::udp;
  std::string words =
      fmt::format("beside it {} sent {}{}, of which {} arrived", is_udp ? "UDP" : "another TCP flow",
                  rate_of(load.sent_bytes, load.seconds), load.opposite ? " in the other direction" : "",
                  rate_of(load.acknowledged_bytes, load.seconds));
  if (load.datagrams > 0) words += fmt::format(" ({} of {} datagrams were lost)", load.lost_datagrams, load.datagrams);
  return words;
}

std::string words_about_bsd(const BackgroundMeasurement& load) {
  return fmt::format(
      "beside it {} connections of another sender, with {} to carry, sent {}, of which {} arrived; it answered {} "
      "errors of the router by sending its whole window again",
      load.connections, rate_of(load.written_bytes, load.seconds), rate_of(load.sent_bytes, load.seconds),
      rate_of(load.acknowledged_bytes, load.seconds), load.errors);
}

}  // namespace

bool is_filled_by_another(const LegMeasurements& leg) {
  if (!leg.background || leg.background->errors < certain_errors) return false;
  const auto had = static_cast<double>(leg.background->written_bytes);
  return static_cast<double>(leg.background->sent_bytes) > several_times * had &&
         uplink_share(leg).value_or(0) >= nearly_all;
}

std::string words_about_other_sender(const LegMeasurements& leg) {
  if (!leg.background || leg.background->seconds <= 0) return {};
  std::string words = leg.background->sender == BackgroundSender::bsd ? words_about_bsd(*leg.background)
                                                                      : words_about_iperf3(*leg.background);
  if (const auto share = uplink_share(leg))
    words +=
        fmt::format("; the uplink was at {:.0f} % of its {}", *share * 100, to_string(BitRate{*leg.uplink_limit_bps}));
  return words;
}

}  // namespace offlab
