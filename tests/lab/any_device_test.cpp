// `tcpdump -i any` in the router: one file with both of its sides, from which analyze tells what the router does.
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "folders.h"
#include "lab/staying_lab.h"

namespace offlab::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class AnyDevice : public StayingLab {
 protected:
  void set(const std::vector<std::string>& settings) const {
    std::vector<std::string> arguments = {"set"};
    arguments.insert(arguments.end(), settings.begin(), settings.end());
    const Answer answer = ask(arguments);
    ASSERT_EQ(answer.status, 0) << answer.output;
  }

  // A download of so many seconds, and what analyze says of it. `meanwhile` runs in the router, beside it.
  Answer download(int seconds, const std::string& meanwhile = "true") const {
    in_guest(
        "router",
        "tcpdump -Z root --immediate-mode -U -i any -s 192 -w /tmp/all.pcap 2> /tmp/all.log & echo $! > /tmp/all.pid; "
        "sleep 1");
    std::thread beside([&] { in_guest("router", meanwhile); });
    in_guest("client", "timeout 12 iperf3 -c 198.18.2.2 -R -b 12M -t " + std::to_string(seconds));
    beside.join();
    in_guest("router", "sleep 1; kill $(cat /tmp/all.pid); sleep 0.5; echo 1 > /proc/sys/net/ipv4/ip_forward");
    const std::filesystem::path file = cache_ / "all.pcap";
    const std::string copy =
        environment().front() + " " + offlab_program() + " exec router 'cat /tmp/all.pcap' > " + file.string();
    EXPECT_EQ(std::system(copy.c_str()), 0);
    return ask({"analyze", file.string()});
  }
};

TEST_F(AnyDevice, OneFileOfTheRouterTellsWhatItDoes) {
  const Answer up = ask({"up", topologies + "hazards/base/router.toml"}, 120);
  ASSERT_EQ(up.status, 0) << up.output;

  const Answer healthy = download(2);
  EXPECT_EQ(healthy.status, 0) << healthy.output;
  EXPECT_THAT(healthy.output, AllOf(HasSubstr("class       healthy"), HasSubstr("both sides")));

  set({"hypervisor.lro=passthrough"});
  const Answer storm = download(2);
  EXPECT_EQ(storm.status, 1) << storm.output;
  EXPECT_THAT(storm.output, AllOf(StartsWith("Router 198.18.2.1 sends \"fragmentation needed, MTU 1500\""),
                                  HasSubstr("class       lro-orphan-storm")));

  set({"download.df=false"});
  const Answer refragmented = download(2);
  EXPECT_EQ(refragmented.status, 1) << refragmented.output;
  EXPECT_THAT(refragmented.output, HasSubstr("class       silent-refragmentation"));

  set({"hypervisor.lro=off", "download.df=true"});
  const Answer dead = download(7, "sleep 3; echo 0 > /proc/sys/net/ipv4/ip_forward");
  EXPECT_EQ(dead.status, 1) << dead.output;
  EXPECT_THAT(dead.output, AllOf(HasSubstr("nothing that 198.18.2.2 retransmits leaves the router"),
                                 HasSubstr("class       silent-size-drop or pmtud-blackhole")));
}

}  // namespace
}  // namespace offlab::test
