// Sysctls that legs and `offlab set` switch: read back, and given back what they were.
#include "lab/guest_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake/demo_lab.h"
#include "lab/live_settings.h"
#include "measure/sections.h"
#include "setting/sysctl.h"

namespace offlab {
namespace {

using testing::HasSubstr;

const GuestFile batch = sysctl_file("net.core.gro_normal_batch");

// demo.toml with a case that sets a sysctl of the router, and one that does not.
RunPlan plan_with_sysctl() {
  return demo_plan_with(
      {{"eight", {{"router.sysctl.net.core.gro_normal_batch", "8"}}, std::nullopt}, {"plain", {}, std::nullopt}});
}

class SysctlOfALab : public DemoLab {
 protected:
  SysctlOfALab() { value() = "16"; }

  std::string& value() { return world.shell.guest("router").files[batch.path]; }
  const CasePlan& eight() const { return plan_.labs.at(0).cases.at(0); }
  const CasePlan& plain() const { return plan_.labs.at(0).cases.at(1); }

  Lab lab_with_sysctl() { return lab(plan_.labs.at(0), world.ports()); }

  LegObservation perform(Lab& lab, const CasePlan& of) {
    LegObservation seen;
    lab.perform(of, leg_of(of, LegRole::control), temp.path(), seen);
    return seen;
  }

  std::string refusal(Lab& lab, const CasePlan& of) {
    return refusal_of([&] { perform(lab, of); });
  }

  static step::ApplySettings setting(std::optional<std::string> to) {
    return {{step::NodeSettings{"router", {}, {}, {{batch, std::move(to)}}}}};
  }

  RunPlan plan_ = plan_with_sysctl();
};

TEST_F(SysctlOfALab, ALegReadsItBackAndTheNextOneHasItAsItWas) {
  Lab lab = lab_with_sysctl();
  lab.start();
  const LegObservation seen = perform(lab, eight());
  EXPECT_EQ(value(), "8");
  for (const Snapshot& snapshot : {seen.before, seen.after})
    EXPECT_EQ(parse_sections(snapshot.nodes.at("router")).at("sysctl net.core.gro_normal_batch"), "8\n");
  EXPECT_EQ(parse_sections(seen.before.nodes.at("client")).count("sysctl net.core.gro_normal_batch"), 0U);
  perform(lab, plain());
  EXPECT_EQ(value(), "16");
}

// Twice in a row: what is saved is what it was before anybody set it.
TEST_F(SysctlOfALab, ItIsRememberedAsItWasBeforeTheFirstLeg) {
  Lab lab = lab_with_sysctl();
  lab.start();
  perform(lab, eight());
  perform(lab, eight());
  perform(lab, plain());
  EXPECT_EQ(value(), "16");
}

TEST_F(SysctlOfALab, OneThatNobodySetIsLeftAlone) {
  Lab lab = lab_with_sysctl();
  lab.start();
  world.shell.guest("router").read_only = {batch.path};
  perform(lab, plain());
  EXPECT_EQ(value(), "16");
}

TEST_F(SysctlOfALab, OneThatTheGuestLacksIsUnsupported) {
  world.shell.guest("router").files.erase(batch.path);
  Lab lab = lab_with_sysctl();
  lab.start();
  EXPECT_EQ(refusal(lab, eight()), "router: there is no sysctl net.core.gro_normal_batch");
  EXPECT_EQ(refusal(lab, plain()), "");
}

TEST_F(SysctlOfALab, AValueThatTheGuestDoesNotTakeIsUnsupportedAndLeavesItAsItWas) {
  Lab lab = lab_with_sysctl();
  lab.start();
  world.shell.guest("router").read_only = {batch.path};
  EXPECT_EQ(refusal(lab, eight()), "router: sysctl net.core.gro_normal_batch did not take \"8\"");
  world.shell.guest("router").read_only.clear();
  perform(lab, plain());
  EXPECT_EQ(value(), "16");
}

// "kernel.osrelease" can be read by everybody and written by nobody.
TEST_F(SysctlOfALab, OneThatTakesNothingIsInNobodysWayAfterwards) {
  Lab lab = lab_with_sysctl();
  lab.start();
  world.shell.guest("router").read_only = {batch.path};
  EXPECT_NE(refusal(lab, eight()), "");
  EXPECT_EQ(refusal(lab, plain()), "");
  LiveSettings settings(lab);
  settings.keep_over([] {}, {});
  EXPECT_EQ(value(), "16");
}

// Some of them switch offloads, as forwarding does.
TEST_F(SysctlOfALab, OffloadsAreSwitchedAgainAfterItChanged) {
  int switched = 0;
  Lab lab = lab_with_sysctl();
  lab.start();
  perform(lab, eight());
  world.shell.react("router", "ethtool -K", [&](const FakeNodeShell::Call&) -> std::optional<CommandResult> {
    ++switched;
    return std::nullopt;
  });
  perform(lab, eight());
  EXPECT_EQ(switched, 0);
  perform(lab, plain());
  EXPECT_EQ(switched, 1);
}

TEST_F(SysctlOfALab, SetLivesOnAndIsReadBack) {
  Lab lab = lab_with_sysctl();
  lab.start();
  LiveSettings settings(lab);
  EXPECT_TRUE(settings.read().values.empty());
  settings.apply({setting("12")});
  EXPECT_EQ(settings.read().values.at("router").at(batch.name), "12");
  settings.apply({});
  EXPECT_EQ(value(), "12");
  settings.apply({setting(std::nullopt)});
  EXPECT_EQ(value(), "16");
}

TEST_F(SysctlOfALab, CasesLeaveItAsItWasSet) {
  Lab lab = lab_with_sysctl();
  lab.start();
  LiveSettings settings(lab);
  settings.apply({setting("12")});
  settings.keep_over([&] { perform(lab, eight()); }, {});
  EXPECT_EQ(value(), "12");
}

TEST_F(SysctlOfALab, CasesLeaveItAsItWasWhereNobodyHadSetIt) {
  Lab lab = lab_with_sysctl();
  lab.start();
  LiveSettings settings(lab);
  settings.keep_over([&] { perform(lab, eight()); }, {});
  EXPECT_EQ(value(), "16");
}

TEST_F(SysctlOfALab, OneThatIsNotAsItWasAfterCasesIsAnError) {
  Lab lab = lab_with_sysctl();
  lab.start();
  LiveSettings settings(lab);
  settings.apply({setting("12")});
  // Written, but the guest does not keep it.
  world.shell.react("router", "printf '%s\\n' '12'", FakeNodeShell::ends_with(0, ""));
  EXPECT_THAT(
      error_of([&] { settings.keep_over([&] { perform(lab, eight()); }, {}); }),
      HasSubstr("the lab is not as it was before: router has another value of sysctl net.core.gro_normal_batch"));
}

TEST_F(SysctlOfALab, CommandsPutBackWhatIsNotReadBack) {
  Lab lab = lab_with_sysctl();
  lab.start();
  LiveSettings settings(lab);
  settings.keep_over([] {}, {step::RunCommands{"server", "settings of the lab", {"echo 7 > /proc/sys/back"}}});
  EXPECT_EQ(world.shell.guest("server").files.at("/proc/sys/back"), "7");
}

TEST(GuestValues, AreQuotedForTheShell) {
  const GuestValues values;
  const std::string script = values.script("router", {batch, "it's $HOME; `reboot` > /x"});
  EXPECT_THAT(script, HasSubstr("printf '%s\\n' 'it'\\''s $HOME; `reboot` > /x' 2> /dev/null > '" + batch.path + "'"));
}

}  // namespace
}  // namespace offlab
