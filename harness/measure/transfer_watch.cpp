#include "measure/transfer_watch.h"

#include <algorithm>

namespace offlab {
namespace {

// More than the connections' set-up takes.
constexpr std::uint64_t first_traffic_bytes = 20'000;
// Later than this traffic is waited for no longer: the clock of a transfer that never begins runs as well. iperf3 takes
// a while to start on a busy machine.
constexpr double longest_silence = 3.0;

constexpr std::uint64_t certain_errors = 10;
// A storm that is certain goes on so long, for a goodput that means something.
constexpr double storm_seconds = 1.0;

constexpr double stall_window = 1.0;
constexpr double stall_after = 1.5;
constexpr double stall_share = 0.1;  // of the control's rate

constexpr double least_measured_seconds = 1.5;
constexpr double control_uncertainty = 0.15;

double mean_rate(const RateSeries& series) {
  double amount = 0;
  double seconds = 0;
  for (const RateSample& sample : series) {
    amount += sample.rate * sample.seconds;
    seconds += sample.seconds;
  }
  return seconds > 0 ? amount / seconds : 0;
}

double grown_rate(const TransferMoment& from, const TransferMoment& to) {
  if (to.out_of_router < from.out_of_router || to.seconds <= from.seconds) return 0;
  return static_cast<double>(to.out_of_router - from.out_of_router) / (to.seconds - from.seconds);
}

}  // namespace

std::optional<TransferEnd> TransferWatch::feed(const TransferMoment& moment) {
  if (!beginning_) beginning_ = moment;
  if (moments_.empty() && moment.into_router < beginning_->into_router + first_traffic_bytes &&
      moment.seconds < beginning_->seconds + longest_silence)
    return std::nullopt;
  if (!moments_.empty() && moments_.back().seconds >= moments_.front().seconds + rules_.warmup_seconds)
    rates_.push_back({moment.seconds - moments_.back().seconds, grown_rate(moments_.back(), moment)});
  moments_.push_back(moment);
  if (is_storm()) return TransferEnd::storm;
  if (is_stalled()) return TransferEnd::stalled;
  if (is_enough()) return TransferEnd::enough;
  return std::nullopt;
}

double TransferWatch::traffic_seconds() const {
  return moments_.empty() ? 0 : moments_.back().seconds - moments_.front().seconds;
}

bool TransferWatch::is_storm() const {
  return moments_.back().bogus_errors >= beginning_->bogus_errors + certain_errors &&
         traffic_seconds() >= storm_seconds;
}

bool TransferWatch::is_stalled() const {
  const double control = mean_rate(rules_.control);
  if (control <= 0 || traffic_seconds() < stall_after) return false;
  const auto from = std::find_if(moments_.rbegin(), moments_.rend(), [&](const TransferMoment& moment) {
    return moment.seconds <= moments_.back().seconds - stall_window;
  });
  return from != moments_.rend() && grown_rate(*from, moments_.back()) < stall_share * control;
}

bool TransferWatch::is_enough() const {
  if (!rules_.may_suffice || rates_.empty()) return false;
  if (traffic_seconds() < rules_.warmup_seconds + least_measured_seconds) return false;
  if (rules_.control.empty()) {
    const auto uncertainty = relative_uncertainty({rates_});
    return uncertainty && *uncertainty <= control_uncertainty;
  }
  const auto ratio = rate_ratio({rates_}, {rules_.control});
  return ratio && (ratio->low > rules_.floor || ratio->high < rules_.floor);
}

}  // namespace offlab
