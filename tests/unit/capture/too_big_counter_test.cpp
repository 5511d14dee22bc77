// Bogus errors counted as frames pass, on recorded captures.
#include "capture/too_big_counter.h"

#include <gtest/gtest.h>

#include "unit/recorded_run.h"

namespace offlab {
namespace {

std::uint64_t bogus_in(const std::vector<StoredFrame>& frames, std::uint32_t longest = 65535) {
  TooBigCounter counter(longest);
  FrameList list(frames);
  for (Frame frame; list.next(frame);) counter.see(frame);
  return counter.bogus();
}

// The advertised MTU of every error, changed.
std::vector<StoredFrame> advertising(std::vector<StoredFrame> frames, unsigned mtu) {
  for (StoredFrame& one : frames)
    if (!one.frame.to_guest && one.bytes.at(23) == 1) {
      one.bytes.at(40) = static_cast<std::uint8_t>(mtu >> 8U);
      one.bytes.at(41) = static_cast<std::uint8_t>(mtu);
    }
  return frames;
}

TEST(TooBigCounter, CountsWhatTheAnalysisFindsBogus) {
  for (const char* id : {"hypervisor-lro", "smaller-client-mtu", "larger-upstream-mtu"}) {
    const std::uint64_t bogus = recorded_measurements(id).capture->bogus;
    EXPECT_GT(bogus, 10U) << id;
    const std::uint64_t counted = bogus_in(recorded_leg(id).ingress);
    EXPECT_LE(counted, bogus) << id;
    EXPECT_GE(counted + 10, bogus) << id;  // a path MTU that the sender first had to learn excuses the first ones
  }
}

TEST(TooBigCounter, CountsNothingOnAHealthyPath) {
  EXPECT_EQ(bogus_in(recorded_leg("control-lro-on").ingress), 0U);
  EXPECT_EQ(bogus_in(recorded_leg("hypervisor-lro", LegRole::control).ingress), 0U);
}

TEST(TooBigCounter, AnErrorAboutPacketsThatAreTooLongIsHonest) {
  EXPECT_EQ(bogus_in(advertising(recorded_leg("hypervisor-lro").ingress, 1400)), 0U);
  EXPECT_GT(bogus_in(advertising(recorded_leg("hypervisor-lro").ingress, 1500)), 10U);
}

// tcpdump's files do not know segment sizes: merged frames would excuse every error.
TEST(TooBigCounter, AMergedFrameOfUnknownSegmentsIsNoLongPacketWhereTheLinkHasNone) {
  auto frames = recorded_leg("hypervisor-lro").ingress;
  for (StoredFrame& one : frames) {
    one.frame.has_vnet = false;
    one.frame.gso_size = 0;
  }
  EXPECT_EQ(bogus_in(frames), 0U);
  EXPECT_GT(bogus_in(frames, 1500), 10U);
}

TEST(TooBigCounter, LooksOnlyAtWhatComesOutOfTheGuest) {
  auto frames = recorded_leg("hypervisor-lro").ingress;
  for (StoredFrame& one : frames) one.frame.to_guest = true;
  EXPECT_EQ(bogus_in(frames), 0U);
}

TEST(TooBigCounter, SurvivesFramesThatWereCut) {
  const auto whole = recorded_leg("hypervisor-lro").ingress;
  for (std::size_t length = 0; length < 80; ++length) {
    auto frames = whole;
    for (StoredFrame& one : frames)
      if (one.bytes.size() > length) one.bytes.resize(length);
    EXPECT_LE(bogus_in(frames), bogus_in(whole)) << length;
  }
}

}  // namespace
}  // namespace offlab
