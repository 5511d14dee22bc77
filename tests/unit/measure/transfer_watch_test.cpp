// When a transfer is ended, fed with what the host sees every 100 ms.
#include "measure/transfer_watch.h"

#include <functional>

#include <gtest/gtest.h>

namespace offlab {
namespace {

constexpr double tick = 0.1;

// 8 Mbyte/s, a little more or less from one interval to the next.
double steady(int i) {
  return 800'000 + (i % 3) * 40'000.0;
}

RateSeries control_series() {
  RateSeries series;
  for (int i = 0; i < 25; ++i) series.push_back({tick, steady(i) / tick});
  return series;
}

TransferRules rules_of_case() {
  return {0.5, 0.5, true, control_series()};
}

TransferRules rules_of_control() {
  return {0.5, 0.5, true, {}};
}

struct Ended {
  std::optional<TransferEnd> why;
  double seconds = 0;  // of traffic
};

struct Traffic {
  std::function<double(int)> in = steady;  // bytes in the i-th interval
  std::function<double(int)> out = steady;
  std::function<std::uint64_t(int)> errors = [](int) { return 0U; };  // so far
  int silent = 2;                                                     // intervals before the first traffic
};

Ended watch(const TransferRules& rules, const Traffic& traffic, int intervals = 30) {
  TransferWatch watch(rules);
  TransferMoment moment{0, 1'000'000, 2'000'000, 0};  // counters do not begin at 0
  for (int i = -traffic.silent; i < intervals; ++i) {
    if (const auto why = watch.feed(moment)) return {why, watch.traffic_seconds()};
    moment.seconds += tick;
    if (i < 0) continue;
    moment.into_router += static_cast<std::uint64_t>(traffic.in(i));
    moment.out_of_router += static_cast<std::uint64_t>(traffic.out(i));
    moment.bogus_errors = traffic.errors(i);
  }
  return {std::nullopt, watch.traffic_seconds()};
}

double storm_rate(int i) {
  return i % 4 == 0 ? 30'000 : 4'000;
}

Traffic storm() {
  Traffic traffic;
  traffic.in = [](int i) { return storm_rate(i) * 1.2; };
  traffic.out = storm_rate;
  traffic.errors = [](int i) { return static_cast<std::uint64_t>(2 * i); };
  return traffic;
}

TEST(TransferWatch, EndsAStormWithinASecondOfItsCertainty) {
  for (const TransferRules& rules : {rules_of_case(), rules_of_control()}) {
    const Ended ended = watch(rules, storm());
    EXPECT_EQ(ended.why, TransferEnd::storm);
    EXPECT_GE(ended.seconds, 1.0 - 1e-9);  // of its traffic something can be said
    EXPECT_LE(ended.seconds, 1.11);        // certain after 0.5 s
  }
}

TEST(TransferWatch, NineErrorsAreNoStorm) {
  Traffic traffic = storm();
  traffic.out = traffic.in = steady;
  traffic.errors = [](int) { return 9U; };
  EXPECT_NE(watch(rules_of_case(), traffic).why, TransferEnd::storm);
  traffic.errors = [](int) { return 10U; };
  EXPECT_EQ(watch(rules_of_case(), traffic).why, TransferEnd::storm);
}

TEST(TransferWatch, ErrorsFromBeforeTheTransferDoNotCount) {
  TransferWatch watch(rules_of_control());
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(
        watch.feed({i * tick, static_cast<std::uint64_t>(i) * 800'000, static_cast<std::uint64_t>(i) * 800'000, 500}),
        std::nullopt);
}

TEST(TransferWatch, EndsWhatStallsWithinTwoSecondsOfTraffic) {
  Traffic traffic;
  traffic.in = traffic.out = storm_rate;  // dropped by size, without a word
  const Ended ended = watch(rules_of_case(), traffic);
  EXPECT_EQ(ended.why, TransferEnd::stalled);
  EXPECT_LE(ended.seconds, 2.0);
  traffic.in = traffic.out = [](int i) { return i < 5 ? 800'000.0 : 0.0; };  // later
  EXPECT_EQ(watch(rules_of_case(), traffic).why, TransferEnd::stalled);
}

TEST(TransferWatch, EndsWhatNeverBegins) {
  Traffic traffic;
  traffic.in = traffic.out = [](int) { return 60.0; };
  EXPECT_EQ(watch(rules_of_case(), traffic, 50).why, TransferEnd::stalled);
}

TEST(TransferWatch, NeverEndsAControlThatStalls) {
  Traffic traffic;
  traffic.in = traffic.out = storm_rate;
  EXPECT_NE(watch(rules_of_control(), traffic).why, TransferEnd::stalled);
  traffic.in = traffic.out = [](int i) { return i < 8 ? steady(i) : 0.0; };
  EXPECT_EQ(watch(rules_of_control(), traffic).why, std::nullopt);
}

TEST(TransferWatch, ASlowBeginningIsNoStall) {
  Traffic traffic;
  traffic.in = traffic.out = [](int i) { return i < 8 ? 20'000.0 : steady(i); };
  EXPECT_NE(watch(rules_of_case(), traffic).why, TransferEnd::stalled);
}

TEST(TransferWatch, LetsHonestPathMtuDiscoveryGoOn) {
  Traffic traffic;  // the capture does not count honest errors; the first window is lost
  traffic.out = [](int i) { return i < 3 ? 0.0 : steady(i); };
  const Ended ended = watch(rules_of_case(), traffic);
  EXPECT_EQ(ended.why, TransferEnd::enough);
}

TEST(TransferWatch, EndsAHealthyLegWhenItsRateIsClear) {
  for (const TransferRules& rules : {rules_of_case(), rules_of_control()}) {
    const Ended ended = watch(rules, Traffic());
    EXPECT_EQ(ended.why, TransferEnd::enough);
    EXPECT_GE(ended.seconds, 2.0 - 1e-9);
    EXPECT_LE(ended.seconds, 2.31);
  }
}

TEST(TransferWatch, AClearlySlowerLegIsEnoughAsWell) {
  Traffic traffic;
  traffic.in = traffic.out = [](int i) { return 0.3 * steady(i); };
  EXPECT_EQ(watch(rules_of_case(), traffic).why, TransferEnd::enough);
}

TEST(TransferWatch, GoesOnWhileTheRatioHoldsTheFloor) {
  Traffic traffic;
  traffic.in = traffic.out = [](int i) { return (i / 5 % 2 == 0 ? 0.3 : 0.75) * steady(i); };
  EXPECT_EQ(watch(rules_of_case(), traffic).why, std::nullopt);
}

TEST(TransferWatch, ARoundInCaseOfDoubtTakesItsWholeTime) {
  TransferRules rules = rules_of_case();
  rules.may_suffice = false;
  EXPECT_EQ(watch(rules, Traffic()).why, std::nullopt);
  EXPECT_EQ(watch(rules, storm()).why, TransferEnd::storm);
}

TEST(TransferWatch, CutsTheWarmupFromItsRates) {
  TransferWatch watch(rules_of_control());
  for (int i = 0; i <= 10; ++i)
    watch.feed({i * tick, static_cast<std::uint64_t>(i) * 50'000, static_cast<std::uint64_t>(i) * 50'000, 0});
  // Traffic is seen from the second moment on; 0.5 s later the rates begin.
  EXPECT_NEAR(watch.traffic_seconds(), 0.9, 1e-9);
  ASSERT_EQ(watch.rates().size(), 4U);
  EXPECT_NEAR(watch.rates().front().rate, 500'000, 1);
}

}  // namespace
}  // namespace offlab
