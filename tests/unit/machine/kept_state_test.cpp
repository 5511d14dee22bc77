// What has to be put back on a machine.
#include "machine/kept_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/read_file.h"
#include "folders.h"
#include "unit/refusal.h"

namespace offlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// ethtool 6.1 of Debian 12, a virtio NIC of a router (shortened to what the test looks at).
constexpr const char* offload_lines = R"(Features for lan:
rx-checksumming: on [fixed]
tx-checksumming: on
	tx-checksum-ipv4: off [fixed]
	tx-checksum-ip-generic: on
scatter-gather: on
	tx-scatter-gather: on
	tx-scatter-gather-fraglist: off [fixed]
tcp-segmentation-offload: on
	tx-tcp-segmentation: on
	tx-tcp-ecn-segmentation: on
	tx-tcp-mangleid-segmentation: off
	tx-tcp6-segmentation: on
generic-segmentation-offload: on
generic-receive-offload: on
large-receive-offload: off
rx-vlan-offload: off [fixed]
rx-gro-hw: off [requested on]
)";

const GuestFamily& on_linux = family_of(SystemKind::gnu_linux);
const GuestFamily& on_freebsd = family_of(SystemKind::freebsd);

const GuestFile forwarding = {"sysctl net.ipv4.ip_forward", "/proc/sys/net/ipv4/ip_forward"};
const Switched switched = {{"lan"}, {"lan"}, {forwarding}};

std::string output(const std::string& mtu, const std::string& value, const std::string& offloads = offload_lines) {
  return "==> boot_id <==\nc0ffee\n==> ethtool -k lan <==\n" + offloads + "==> mtu lan <==\n" + mtu +
         "\n==> sysctl net.ipv4.ip_forward <==\n" + value + "\n==> end <==\n";
}

std::string replaced(std::string text, const std::string& piece, const std::string& by) {
  return text.replace(text.find(piece), piece.size(), by);
}

TEST(KeptState, KeepsWhatCanBeSwitchedAndLeavesOutSums) {
  const auto features = on_linux.offloads_in(offload_lines);
  EXPECT_EQ(features.count("tx-checksumming"), 0U);   // sums up
  EXPECT_EQ(features.count("rx-checksumming"), 0U);   // fixed
  EXPECT_EQ(features.count("tx-checksum-ipv4"), 0U);  // fixed
  EXPECT_TRUE(features.at("tx-checksum-ip-generic"));
  EXPECT_FALSE(features.at("tx-tcp-mangleid-segmentation"));
  EXPECT_FALSE(features.at("large-receive-offload"));
  EXPECT_TRUE(features.at("generic-receive-offload"));
  EXPECT_TRUE(features.at("rx-gro-hw")) << "it was asked for, though the NIC did not take it";
}

TEST(KeptState, NothingIsDoneWhereAllIsAsItWas) {
  const KeptState state = parse_state(on_linux, output("1500", "1"), switched);
  EXPECT_EQ(state.boot_id, "c0ffee");
  EXPECT_THAT(commands_back(on_linux, state, state), IsEmpty());
}

TEST(KeptState, MtusAndFilesComeBackBeforeOffloads) {
  const KeptState before = parse_state(on_linux, output("1500", "1"), switched);
  const std::string changed = replaced(offload_lines, "large-receive-offload: off", "large-receive-offload: on");
  const KeptState now = parse_state(on_linux, output("9000", "0", changed), switched);
  EXPECT_THAT(commands_back(on_linux, before, now),
              ElementsAre("ip link set dev lan mtu 1500", "echo '1' > '/proc/sys/net/ipv4/ip_forward'"));
  const KeptState later = parse_state(on_linux, output("1500", "1", changed), switched);
  EXPECT_THAT(commands_back(on_linux, before, later), ElementsAre("ethtool -K lan large-receive-offload off"));
}

TEST(KeptState, AskingForAFeatureComesBackThoughItIsOffBothTimes) {
  const KeptState before = parse_state(on_linux, output("1500", "1"), switched);
  const KeptState now =
      parse_state(on_linux, output("1500", "1", replaced(offload_lines, "off [requested on]", "off")), switched);
  EXPECT_THAT(commands_back(on_linux, before, now), ElementsAre("ethtool -K lan rx-gro-hw on"));
}

TEST(KeptState, AMachineThatCannotBeAskedGetsAllOfIt) {
  KeptState state;
  state.mtus["lan"] = 1500;
  state.offloads["lan"] = {{"generic-receive-offload", true}, {"large-receive-offload", false}};
  EXPECT_THAT(commands_of(family_of(SystemKind::gnu_linux), state),
              ElementsAre("ip link set dev lan mtu 1500",
                          "ethtool -K lan generic-receive-offload on large-receive-offload off"));
}

TEST(KeptState, AMachineThatDoesNotTellIsRefused) {
  EXPECT_THAT(refusal([] { parse_state(on_linux, output("", "1"), switched); }), HasSubstr("MTU of 'lan'"));
  EXPECT_THAT(refusal([] { parse_state(on_linux, "==> boot_id <==\nc0ffee\n==> end <==\n", switched); }),
              HasSubstr("'ethtool -k lan'"));
  EXPECT_THAT(refusal([] { parse_state(on_linux, "", {}); }), HasSubstr("boot_id"));
}

TEST(KeptState, TheScriptReadsOnly) {
  const std::string script = state_script(on_linux, switched);
  for (const char* piece : {"boot_id", "ethtool -k 'lan'", "/sys/class/net/lan/mtu", "ip_forward"})
    EXPECT_THAT(script, HasSubstr(piece));
  for (const char* piece : {"ethtool -K", " > ", "ip link set"}) EXPECT_EQ(script.find(piece), std::string::npos);
}

TEST(KeptState, FreebsdIsPutBackInItsOwnWords) {
  const KeptState before{
      .boot_id = "b", .offloads = {{"vmx0", {{"lro", true}, {"tso4", false}}}}, .mtus = {{"vmx0", 1500}}};
  KeptState now = before;
  now.offloads["vmx0"] = {{"lro", false}, {"tso4", true}};
  EXPECT_THAT(commands_back(on_freebsd, before, now), ElementsAre("ifconfig vmx0 lro", "ifconfig vmx0 -tso4"));
  now.mtus["vmx0"] = 1400;
  EXPECT_THAT(commands_back(on_freebsd, before, now), ElementsAre("ifconfig vmx0 mtu 1500"));
}

// An output without "capabilities=" says of nothing that it can be switched. No published output has that line.
TEST(KeptState, FreebsdKeepsWhatItCanSwitch) {
  const std::string text = read_whole_file(tests_folder() + "/data/published/freebsd-vtnet-lro.txt");
  EXPECT_THAT(on_freebsd.offloads_in(text), IsEmpty());
}

TEST(KeptState, FreebsdIsNotAskedInTheWordsOfLinux) {
  const std::string script = state_script(on_freebsd, {{"vmx0"}, {"vmx0"}, {}});
  EXPECT_THAT(script, HasSubstr("ifconfig -m 'vmx0'"));
  for (const char* piece : {"ethtool", "/proc", "/sys", "ip link"}) EXPECT_EQ(script.find(piece), std::string::npos);
}

}  // namespace
}  // namespace offlab
