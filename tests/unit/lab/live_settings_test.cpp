// Settings of a lab that stays: what is left when switching them fails half way, or when cases are broken off.
#include "lab/live_settings.h"

#include <atomic>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake/demo_lab.h"
#include "setting/sysctl.h"

namespace offlab {
namespace {

using testing::StartsWith;

constexpr OffloadWord forced{true, true, true};
const GuestFile batch = sysctl_file("net.core.gro_normal_batch");
const GuestFile backlog = sysctl_file("net.core.netdev_max_backlog");

class SettingsOfALab : public RunningDemoLab {
 protected:
  SettingsOfALab() {
    router().files[batch.path] = "16";
    router().files[backlog.path] = "1000";
  }

  static Step force(const std::string& tap) { return step::ForceTap{tap, HypervisorLro::passthrough}; }
  static Step offload(bool on) {
    return step::ApplySettings{{step::NodeSettings{"router", {}, {{"wan", {{"large-receive-offload", on}}}}}}};
  }
  static Step values(std::vector<step::SetValue> of) {
    return step::ApplySettings{{step::NodeSettings{"router", {}, {}, std::move(of)}}};
  }
  static Step mtu(int bytes) {
    return step::RunCommands{"router", "mtu", {"ip link set dev wan mtu " + std::to_string(bytes)}};
  }
  FakeGuest& router() { return world.shell.guest("router"); }
  std::string& value(const GuestFile& file) { return router().files.at(file.path); }
  HypervisorLro forced_to(const std::string& tap) { return settings.read().taps.at(tap).forced; }

  void expect_lan_is_forced() {
    EXPECT_EQ(world.taps.word("router-lan"), forced);
    EXPECT_EQ(forced_to("router-lan"), HypervisorLro::passthrough);
    EXPECT_FALSE(world.taps.word("router-wan") == forced);
    EXPECT_EQ(forced_to("router-wan"), HypervisorLro::off);
  }
  // Its client goes away while the node runs such a script, for the n-th time.
  void interrupt_at(const std::string& node, const std::string& piece, int time = 1) {
    auto left = std::make_shared<int>(time);
    world.shell.react(node, piece, [this, left](const FakeNodeShell::Call& call) -> std::optional<CommandResult> {
      if (--*left != 0) return std::nullopt;
      running.interrupt();
      EXPECT_TRUE(call.stop.stop_requested());
      throw Interrupted();
    });
  }

  LiveSettings settings{running};
};

TEST_F(SettingsOfALab, StayUntilOthersAreSet) {
  const OffloadWord before = world.taps.word("router-lan");
  settings.apply({force("router-lan")});
  expect_lan_is_forced();
  settings.apply({});
  EXPECT_EQ(world.taps.word("router-lan"), before);
  EXPECT_EQ(forced_to("router-lan"), HypervisorLro::off);
}

TEST_F(SettingsOfALab, WhatAGuestRefusesLeavesTheTapsAsTheyWere) {
  settings.apply({force("router-lan")});
  router().refuses = {{"wan", "large-receive-offload"}};
  EXPECT_EQ(refusal_of([&] {
              settings.apply({offload(true), force("router-wan")});
            }),
            "router: wan did not take lro on");
  expect_lan_is_forced();
}

TEST_F(SettingsOfALab, ACommandThatFailsLeavesTheTapsAsTheyWere) {
  settings.apply({force("router-lan")});
  router().fails = {"tc"};
  EXPECT_EQ(error_of([&] {
              settings.apply({step::RunCommands{"router", "shaping", {"tc qdisc show", "ip link"}}});
            }),
            "shaping on router: exit status 1: failed: tc qdisc show");
  expect_lan_is_forced();
}

TEST_F(SettingsOfALab, ATapThatCannotBeForcedLeavesTheOthersAsTheyWere) {
  settings.apply({force("router-lan")});
  world.injection.fails_for = {"router-wan"};
  EXPECT_EQ(error_of([&] {
              settings.apply({force("router-lan"), force("router-wan")});
            }),
            "setting the offloads of router-wan: Bad file descriptor");
  expect_lan_is_forced();
}

TEST_F(SettingsOfALab, ATapThatKeepsItsWordIsAnError) {
  world.taps.stick("router-wan");
  EXPECT_EQ(error_of([&] {
              settings.apply({force("router-lan"), force("router-wan")});
            }),
            "tap 'router-wan' did not take the offload word that was forced on it");
  EXPECT_FALSE(world.taps.word("router-lan") == forced);
  EXPECT_EQ(forced_to("router-lan"), HypervisorLro::off);
}

TEST_F(SettingsOfALab, ATapWithoutAHeaderIsUnsupported) {
  settings.apply({force("router-lan")});
  world.taps.take_header("router-wan");
  EXPECT_EQ(refusal_of([&] {
              settings.apply({force("router-lan"), force("router-wan")});
            }),
            "tap router-wan has no segmentation header: QEMU's model of this NIC takes no coalesced packets");
  expect_lan_is_forced();
}

// The client of `offlab set` went away; the lab is still what the last one made of it.
TEST_F(SettingsOfALab, AnInterruptionLeavesTheTapsAsTheyWere) {
  settings.apply({force("router-lan")});
  interrupt_at("router", "ethtool -K");
  EXPECT_THROW(settings.apply({offload(true), force("router-wan")}), Interrupted);
  running.resume();
  expect_lan_is_forced();
}

TEST_F(SettingsOfALab, AGuestThatDiesMeanwhileIsNamed) {
  settings.apply({force("router-lan")});
  world.shell.react("server", "true", [&](const FakeNodeShell::Call&) -> std::optional<CommandResult> {
    world.hypervisor.end("server", GuestEnd::crashed);
    throw Error("the connection is lost");
  });
  EXPECT_THAT(error_of([&] {
                settings.apply({step::RunCommands{"server", "settings", {"true"}}});
              }),
              StartsWith("guest 'server' crashed during "));
}

// Of what was set before the refusal it is known what it was.
TEST_F(SettingsOfALab, AValueThatWasSetBeforeAnotherWasRefusedCanBePutBack) {
  router().read_only = {backlog.path};
  EXPECT_EQ(refusal_of([&] {
              settings.apply({values({{batch, "8"}, {backlog, "5"}})});
            }),
            "router: sysctl net.core.netdev_max_backlog did not take \"5\"");
  EXPECT_EQ(value(batch), "8");
  EXPECT_EQ(settings.read().values.at("router").at(batch.name), "8");
  router().read_only.clear();
  settings.apply({values({{batch, std::nullopt}, {backlog, std::nullopt}})});
  EXPECT_EQ(value(batch), "16");
  EXPECT_EQ(value(backlog), "1000");
}

class CasesInALab : public SettingsOfALab {
 protected:
  CasesInALab() { settings.apply({offload(true), values({{batch, "12"}}), force("router-lan")}); }

  // As cases may: offloads, an MTU, values, DF, and taps that a leg could not put back.
  void change_all() {
    settings.apply({mtu(1400), values({{batch, "8"}, {backlog, "5"}}), offload(false)});
    router().files.at("/proc/sys/net/ipv4/ip_no_pmtu_disc") = "1";
    world.taps.set_word("router-lan", forced);
    world.taps.set_word("client-lan", {});
  }
  void expect_as_before() {
    EXPECT_TRUE(router().active("wan", "large-receive-offload"));
    EXPECT_EQ(router().mtu("wan"), "1500");
    EXPECT_EQ(value(batch), "12");
    EXPECT_EQ(value(backlog), "1000");
    EXPECT_EQ(router().files.at("/proc/sys/net/ipv4/ip_no_pmtu_disc"), "0");
    EXPECT_EQ(world.taps.word("client-lan"), client_word_);
    EXPECT_EQ(world.taps.word("router-lan"), forced);
    EXPECT_EQ(forced_to("router-lan"), HypervisorLro::passthrough);
    EXPECT_EQ(forced_to("router-wan"), HypervisorLro::off);
  }

 private:
  const OffloadWord client_word_ = world.taps.word("client-lan");
};

TEST_F(CasesInALab, LeaveItAsItWas) {
  bool free = false;
  settings.keep_over(
      [&] {
        free = !(world.taps.word("router-lan") == forced);
        change_all();
      },
      {});
  EXPECT_TRUE(free) << "cases find no tap forced";
  expect_as_before();
}

TEST_F(CasesInALab, LeaveItAsItWasWhenOneBreaks) {
  EXPECT_EQ(error_of([&] {
              settings.keep_over(
                  [&] {
                    change_all();
                    throw Error("no way from client to server");
                  },
                  {});
            }),
            "no way from client to server");
  expect_as_before();
}

TEST_F(CasesInALab, LeaveItAsItWasWhenTheirClientGoesAway) {
  EXPECT_THROW(settings.keep_over(
                   [&] {
                     change_all();
                     running.interrupt();
                     throw Interrupted();
                   },
                   {}),
               Interrupted);
  expect_as_before();
}

// First the cases, then what puts their settings back.
TEST_F(CasesInALab, LeaveItAsItWasThoughInterruptedTwice) {
  EXPECT_THROW(settings.keep_over(
                   [&] {
                     change_all();
                     interrupt_at("router", "ip link set dev wan mtu 1500");
                     running.interrupt();
                     throw Interrupted();
                   },
                   {}),
               Interrupted);
  expect_as_before();
}

TEST_F(CasesInALab, LeaveItAsItWasWhenTheirClientGoesAwayAfterTheLast) {
  settings.keep_over(
      [&] {
        change_all();
        interrupt_at("router", "ethtool -K wan");
      },
      {});
  expect_as_before();
}

// All of it is read back when its client goes away; only the taps are to be forced again.
TEST_F(CasesInALab, LeaveItAsItWasWhenTheirClientGoesAwayAtTheVeryEnd) {
  std::atomic<int> looks = 0;
  settings.keep_over(
      [&] {
        change_all();
        for (const char* node : {"router", "client", "server"})
          world.shell.react(node, "offlab-state", [&](const FakeNodeShell::Call&) -> std::optional<CommandResult> {
            if (++looks == 9) running.interrupt();
            return std::nullopt;
          });
      },
      {});
  EXPECT_EQ(looks, 9);
  expect_as_before();
}

TEST_F(CasesInALab, AreNotBegunWhenTheLabCannotBeRead) {
  world.shell.react("client", "offlab-state", FakeNodeShell::lost_connection());
  bool begun = false;
  EXPECT_EQ(error_of([&] { settings.keep_over([&] { begun = true; }, {}); }), "ssh on client: the connection is lost");
  EXPECT_FALSE(begun);
  EXPECT_EQ(world.taps.word("router-lan"), forced);
}

TEST_F(CasesInALab, AnMtuThatDoesNotGoBackIsAnError) {
  EXPECT_EQ(error_of([&] {
              settings.keep_over(
                  [&] {
                    change_all();
                    router().fails = {"ip"};
                  },
                  {});
            }),
            "putting settings back on router: exit status 1: failed: read m < /sys/class/net/wan/mtu; [ $m = 1500 ] || "
            "{ ethtool -K wan lro on && ip link set dev wan mtu 1500; }");
}

TEST_F(CasesInALab, AnOffloadThatDoesNotGoBackIsAnError) {
  EXPECT_EQ(error_of([&] {
              settings.keep_over(
                  [&] {
                    settings.apply({offload(false)});
                    world.shell.react("router", "ethtool -K wan", FakeNodeShell::ends_with(0, ""));
                  },
                  {});
            }),
            "the lab is not as it was before: router wan has another state of lro");
}

TEST_F(CasesInALab, AGuestThatDiesInThemIsNamed) {
  EXPECT_THAT(error_of([&] {
                settings.keep_over(
                    [&] {
                      change_all();
                      world.hypervisor.end("client", GuestEnd::crashed);
                      throw Error("the connection is lost");
                    },
                    {});
              }),
              StartsWith("guest 'client' crashed during "));
}

}  // namespace
}  // namespace offlab
