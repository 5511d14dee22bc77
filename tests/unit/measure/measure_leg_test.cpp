// The recorded legs, measured. The expected numbers were taken from the same files with tshark and by hand:
//   tshark -r router-wan.pcapng -Y 'ip.src==198.18.2.2 && tcp.srcport==5201 && tcp.len>0 && !icmp'   data frames, bytes
//   ... frame.comment contains "gso=tcp4" with tcp.len above its size                                superframes
//   ... -Y 'icmp.code==4' -T fields -e icmp.mtu -e ip.len                                            errors, quotes
// and from the counters in before/*.txt and after/*.txt.
#include "measure/measure_leg.h"

#include <gtest/gtest.h>

#include "unit/recorded_run.h"

namespace offlab {
namespace {

struct Expected {
  const char* id;
  LegRole role;
  std::uint64_t data_frames, data_bytes, superframes, superframe_bytes, tail_bytes;
  std::uint64_t refused, advertised, shortest, longest, longer_than_ingress_mtu;
  std::uint64_t egress_frames, egress_bytes;
  std::uint64_t retransmitted, sent;
  double seconds, goodput_bps;
};

constexpr auto control = LegRole::control;
constexpr auto measured = LegRole::measured;

const std::vector<Expected>& table() {
  static const std::vector<Expected> legs = {
      {"control-lro-on", control, 4883, 7'061'260, 0, 0, 183'200, 0, 0, 0, 0, 0, 4807, 10'692'844, 0, 18'900,
       0.448284388, 232'037'780.4},
      {"control-lro-on", measured, 1065, 50'704'021, 1001, 50'647'288, 0, 0, 0, 0, 0, 0, 1065, 50'704'021, 0, 35'125,
       1.053518057, 451'242'742.0},
      {"hypervisor-lro", measured, 168, 266'726, 18, 60'816, 7240, 18, 1500, 2948, 7292, 18, 130, 205'910, 39, 193,
       1.040583611, 2'011'427.6},
      {"smaller-client-mtu", measured, 106, 163'404, 16, 52'572, 2696, 16, 1400, 2748, 6792, 16, 90, 110'832, 37, 131,
       1.206713915, 1'077'855.7},
      {"larger-upstream-mtu", control, 4910, 7'099'548, 0, 0, 503'904, 0, 0, 0, 0, 0, 4787, 12'738'060, 24, 16'469,
       0.304460764, 187'090'040.9},
      {"larger-upstream-mtu", measured, 152, 240'659, 15, 53'576, 7240, 15, 1500, 2948, 7292, 0, 137, 187'083, 34, 181,
       1.244881630, 1'823'914.6},
  };
  return legs;
}

std::string name(const Expected& leg) {
  return std::string(leg.id) + " " + std::string(to_string(leg.role));
}

TEST(MeasureLeg, CountsFramesAsTsharkDoes) {
  for (const Expected& leg : table()) {
    const auto& seen = recorded_measurements(leg.id, leg.role).capture;
    ASSERT_TRUE(seen) << name(leg);
    EXPECT_EQ(seen->data_frames, leg.data_frames) << name(leg);
    EXPECT_EQ(seen->data_payload_bytes, leg.data_bytes) << name(leg);
    EXPECT_EQ(seen->superframes, leg.superframes) << name(leg);
    EXPECT_EQ(seen->superframe_payload_bytes, leg.superframe_bytes) << name(leg);
    EXPECT_EQ(seen->unacked_tail_bytes, leg.tail_bytes) << name(leg);
    EXPECT_EQ(seen->egress_data_frames, leg.egress_frames) << name(leg);
    EXPECT_EQ(seen->egress_payload_bytes, leg.egress_bytes) << name(leg);
    EXPECT_NEAR(seen->seconds, leg.seconds, 1e-6) << name(leg);
    EXPECT_EQ(seen->data_without_df + seen->egress_without_df + seen->egress_fragments, 0U) << name(leg);
  }
}

TEST(MeasureLeg, TracesEveryErrorToPacketsThatFit) {
  for (const Expected& leg : table()) {
    const auto& seen = recorded_measurements(leg.id, leg.role).capture;
    ASSERT_TRUE(seen) << name(leg);
    EXPECT_EQ(seen->frag_needed, leg.refused) << name(leg);
    EXPECT_EQ(seen->bogus, leg.refused) << name(leg);
    EXPECT_EQ(seen->honest + seen->untraced + seen->frag_needed_other, 0U) << name(leg);
    EXPECT_EQ(seen->smallest_advertised_mtu, leg.advertised) << name(leg);
    EXPECT_EQ(seen->largest_advertised_mtu, leg.advertised) << name(leg);
    EXPECT_EQ(seen->smallest_quoted_length, leg.shortest) << name(leg);
    EXPECT_EQ(seen->largest_quoted_length, leg.longest) << name(leg);
    EXPECT_EQ(seen->refused_longer_than_ingress_mtu, leg.longer_than_ingress_mtu) << name(leg);
  }
}

TEST(MeasureLeg, CountsAcknowledgedPayloadBytes) {
  EXPECT_EQ(recorded_measurements("control-lro-on", control).capture->acked_bytes, 6'878'060U);
  EXPECT_EQ(recorded_measurements("larger-upstream-mtu", control).capture->acked_bytes, 6'595'644U);
}

// The acknowledgement of a FIN covers a sequence number that carried nothing.
TEST(MeasureLeg, CountsTheEndOfAConnectionAsNoPayload) {
  EXPECT_EQ(recorded_measurements("control-lro-on").capture->acked_bytes, 50'704'021U);
  EXPECT_EQ(recorded_measurements("hypervisor-lro").capture->acked_bytes, 203'014U);
}

TEST(MeasureLeg, ReadsTheCountersOfRouterSenderAndReceiver) {
  for (const Expected& leg : table()) {
    const LegMeasurements& seen = recorded_measurements(leg.id, leg.role);
    EXPECT_EQ(seen.frag_fails, leg.refused) << name(leg);
    EXPECT_EQ(seen.frag_needed_router, leg.refused) << name(leg);
    EXPECT_EQ(seen.frag_needed_sender, leg.refused) << name(leg);
    EXPECT_EQ(seen.retransmitted_segments, leg.retransmitted) << name(leg);
    EXPECT_EQ(seen.sent_segments, leg.sent) << name(leg);
    for (const Count& none :
         {seen.frag_oks, seen.frag_creates, seen.reassembly_requests, seen.checksum_errors, seen.dropped_by_receiver})
      EXPECT_EQ(none, 0U) << name(leg);
  }
}

TEST(MeasureLeg, FindsNothingMissingAndEverySettingHeld) {
  for (const Expected& leg : table()) {
    const LegMeasurements& seen = recorded_measurements(leg.id, leg.role);
    EXPECT_EQ(seen.missing, std::vector<std::string>{}) << name(leg);
    EXPECT_EQ(seen.differences, std::vector<StateDifference>{}) << name(leg);
    EXPECT_EQ(seen.side_effects, std::vector<std::string>{}) << name(leg);
    EXPECT_EQ(seen.kernel_complaints, std::vector<std::string>{}) << name(leg);
    EXPECT_TRUE(seen.kernel_logs_read) << name(leg);
    EXPECT_EQ(seen.transfer_failure, "") << name(leg);
    EXPECT_EQ(seen.capture_drops, 0U) << name(leg);
  }
}

TEST(MeasureLeg, TakesGoodputAfterTheWarmup) {
  for (const Expected& leg : table()) {
    const LegMeasurements& seen = recorded_measurements(leg.id, leg.role);
    ASSERT_TRUE(seen.goodput_bps) << name(leg);
    EXPECT_NEAR(*seen.goodput_bps, leg.goodput_bps, 1) << name(leg);
    EXPECT_EQ(seen.intervals.size(), 10U);
  }
}

TEST(MeasureLeg, TakesTheUplinksRateFromTheTapsCounter) {
  EXPECT_NEAR(*recorded_measurements("hypervisor-lro").uplink_bps,
              (105'565'173 - 105'351'043) * 8 / (1.100520 - 0.200424), 1);
  EXPECT_NEAR(*recorded_measurements("control-lro-on").uplink_bps,
              (76'072'545 - 29'482'283) * 8 / (1.100462 - 0.201183), 1);
}

TEST(MeasureLeg, ReadsTheRoutersLroBack) {
  EXPECT_EQ(recorded_measurements("control-lro-on", control).ingress_lro, false);
  EXPECT_EQ(recorded_measurements("control-lro-on").ingress_lro, true);
  EXPECT_EQ(recorded_measurements("hypervisor-lro").ingress_lro, false);
  EXPECT_EQ(recorded_measurements("smaller-client-mtu").ingress_lro, true);
  EXPECT_EQ(recorded_measurements("larger-upstream-mtu").ingress_lro, true);
}

TEST(MeasureLeg, GivesTheSameNumbersForTheSameLeg) {
  EXPECT_EQ(recorded_leg("hypervisor-lro").measure(), recorded_measurements("hypervisor-lro"));
}

}  // namespace
}  // namespace offlab
