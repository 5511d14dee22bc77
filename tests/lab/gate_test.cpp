// The gate with real labs: a run against today, and an image that brings a fault by itself.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lab/staying_lab.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Gate : public StayingLab {
 protected:
  ScratchFolder scratch_;
  fs::path out_ = scratch_ / "gate";
};

TEST_F(Gate, ComparesARunWithToday) {
  const fs::path run = scratch_ / "then";
  ASSERT_EQ(ask({"run", demo_file, "--case", "fixed", "--out", run, "--duration", "1"}, 120).status, 0);
  const std::string digest = read_json(run / "run.json").at("image").at("digest").get<std::string>().substr(0, 16);
  const Answer answer = ask(
      {"gate", demo_file, "--case", "fixed", "--baseline-run", run, "--pairs", "6", "--duration", "1", "--out", out_},
      240);
  EXPECT_THAT(answer.status, testing::AnyOf(0, 4)) << answer.output;
  EXPECT_THAT(answer.output, HasSubstr("the run then (healthy then)"));
  const auto gate = read_json(out_ / "gate.json");
  EXPECT_EQ(gate.at("baseline").at("class"), "healthy");
  EXPECT_EQ(gate.at("pairs").size(), 6U);
  EXPECT_THAT(read_text(out_ / "classes/plan.json"), HasSubstr("debian-12#" + digest));
  EXPECT_EQ(host_state(), before_);
}

// Linux clears LRO when forwarding begins. A router whose boot scripts begin to forward and switch LRO on afterwards
// keeps it, without a word in the topology file.
constexpr const char* drivers_loaded = "ip link set lo up\n";
constexpr const char* lro_forced = R"(for family in ipv4 ipv6; do
  for which in all default; do echo 1 > /proc/sys/net/$family/conf/$which/forwarding; done
done
for device in /sys/class/net/*; do
  case $(readlink $device/device/driver) in */vmxnet3) ethtool -K ${device##*/} lro on ;; esac
done
)";

TEST_F(Gate, RefusesAnImageThatForcesLroOn) {
  std::string recipe = read_text(source_folder() + "/guest-images/debian-12.toml");
  const std::size_t place = recipe.find(drivers_loaded);
  ASSERT_NE(place, std::string::npos);
  recipe.insert(place, lro_forced);
  std::ofstream(scratch_ / "lro-forced.toml") << recipe;
  std::ofstream(scratch_ / "router.toml") << read_text(topologies + "vmxnet3-router.toml") << R"(
[[case]]
name = "behind-pppoe"
set = { "lan.mtu" = 1400 }
)";
  const Answer answer = ask({"gate", scratch_ / "router.toml", "--case", "behind-pppoe", "--candidate",
                             "router.image=" + (scratch_ / "lro-forced.toml").string(), "--out", out_},
                            600);
  EXPECT_EQ(answer.status, 1) << answer.output;
  EXPECT_THAT(answer.output,
              HasSubstr("the candidate has wrong-gso-size, in a second lab too; the baseline is healthy"));
  const auto gate = read_json(out_ / "gate.json");
  EXPECT_EQ(gate.at("baseline").at("class"), "healthy");
  EXPECT_EQ(gate.at("candidate").at("class"), "wrong-gso-size");
  EXPECT_EQ(host_state(), before_);
}

}  // namespace
}  // namespace offlab::test
