// Decides, while a transfer runs, whether more of it would still tell anything.
#pragma once

#include <cstdint>
#include <optional>

#include "model/observation.h"
#include "model/rate_ratio.h"

namespace offlab {

// Cumulative counters at one moment.
struct TransferMoment {
  double seconds = 0;               // since the transfer was asked for
  std::uint64_t into_router = 0;    // bytes handed to the first device under test on the data's way
  std::uint64_t out_of_router = 0;  // bytes that the last one passed on to the receiver
  std::uint64_t bogus_errors = 0;   // ICMP "packet too big" from the router about packets that already fit
};

struct TransferRules {
  double warmup_seconds = 0;
  double floor = 0.5;       // share of the control's rate that the verdict asks for
  bool may_suffice = true;  // false: a healthy transfer takes its whole time
  RateSeries control = {};  // what the control carried; empty when this is the control
};

class TransferWatch {
 public:
  explicit TransferWatch(TransferRules rules) : rules_(std::move(rules)) {}

  // Why to end the transfer now; nothing while it should go on. A control is never ended because it stalls: there is
  // nothing to measure it by.
  std::optional<TransferEnd> feed(const TransferMoment& moment);
  // Since the first traffic.
  double traffic_seconds() const;
  // Of what came out, after the warm-up.
  const RateSeries& rates() const { return rates_; }

 private:
  bool is_storm() const;
  bool is_stalled() const;
  bool is_enough() const;

  TransferRules rules_;
  std::vector<TransferMoment> moments_;      // since the first traffic
  std::optional<TransferMoment> beginning_;  // before any
  RateSeries rates_;
};

}  // namespace offlab
