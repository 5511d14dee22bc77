// What a row of the table of settings says it costs is what it costs: in a run, in a lab that stays, and to `set`.
#include <gtest/gtest.h>

#include "base/usage_error.h"
#include "plan/live_steps.h"
#include "plan/make_plan.h"
#include "setting/rows.h"
#include "setting/setting.h"
#include "shipped_scenarios.h"
#include "staying/switch_settings.h"

namespace offlab {
namespace {

// A key of the row for this topology.
std::string some_key(const Row& row) {
  const std::string name = !row.names ? "" : row.names->all.empty() ? "net.core.somaxconn" : row.names->all.front();
  if (row.word == "queues") return "client.queues";  // of virtio NICs only
  const char* before[] = {"", "wan.", "router.", "router.wan.", "download."};
  return before[static_cast<int>(row.scope)] + row.word + name;
}

// The topology with another value of the row.
Topology with_another(const Row& row, const Topology& topology, SettingText& setting) {
  for (const char* value : {"rtl8139", "ipv6", "passthrough", "false", "true", "on", "2", "512", "1400", "10mbit",
                            "30ms", "0.2%", "200kB", "bsd", "2s", "any", "6.1.0-47-amd64", "client"}) {
    Topology changed = topology;
    setting = {some_key(row), value};
    if (!apply_setting(changed, setting) && changed != topology) return changed;
  }
  ADD_FAILURE() << some_key(row) << " takes no value";
  return topology;
}

class SettingCosts : public testing::Test {
 protected:
  void SetUp() override { scenario_.named_cases.clear(); }

  std::size_t labs_of(const Topology& other) const {
    const std::vector<Case> cases = {{"a", {}, scenario_.topology, FaultClass::healthy},
                                     {"b", {}, other, FaultClass::healthy}};
    return make_plan(scenario_, cases, Question::healthy).labs.size();
  }

  static bool can_be_set(const Topology& topology, const SettingText& setting) {
    try {
      switched(topology, {setting});
      return true;
    } catch (const UsageError&) {
      return false;
    }
  }

  Scenario scenario_ = shipped_scenario("vmxnet3-router");
};

TEST_F(SettingCosts, AreThoseOfTheirRows) {
  const Topology& base = scenario_.topology;
  for (const Row& row : setting_rows()) {
    SettingText setting;
    const Topology other = with_another(row, base, setting);
    EXPECT_EQ(labs_of(other), row.cost == Cost::new_lab ? 2U : 1U) << setting.first;
    EXPECT_EQ(machine_difference(base, other).has_value(), row.cost == Cost::new_lab) << setting.first;
    EXPECT_EQ(can_be_set(base, setting), row.cost == Cost::live) << setting.first;
    EXPECT_EQ(with_settings(base, other) == other, row.cost != Cost::new_lab) << setting.first;
  }
}

TEST_F(SettingCosts, SetSaysWhy) {
  const auto refusal = [&](const SettingText& setting) {
    try {
      switched(scenario_.topology, {setting});
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(refusal({"limits.coverage", "1%"}),
            "error: limits.coverage=1%: belongs to a run, not to a lab; `offlab run FILE --lab NAME --axis "
            "limits.coverage=1%`\n");
  EXPECT_NE(refusal({"router.model", "virtio"}).find("needs a new machine"), std::string::npos);
  EXPECT_EQ(refusal({"router.model", "vmxnet3"}), "");  // it has that already
  EXPECT_NE(refusal({"router.modl", "virtio"}).find("did you mean 'router.model'?"), std::string::npos);
}

std::size_t settings_of(const std::vector<Step>& steps) {
  std::size_t found = 0;
  for (const Step& step : steps) found += std::holds_alternative<step::ApplySettings>(step) ? 1U : 0U;
  return found;
}

TEST_F(SettingCosts, WhatIsSetIsCarriedOutWhateverTheLabSeemsToHave) {
  const LabPlan lab = plan_staying_lab(scenario_, scenario_.topology, {});
  for (const Row& row : setting_rows()) {
    if (row.cost != Cost::live) continue;
    SettingText setting;
    const Topology has_it = with_another(row, scenario_.topology, setting);
    const bool on_taps = row.word.find("hypervisor.") == 0;
    EXPECT_EQ(live_steps(has_it, has_it, lab).empty(), !on_taps || setting.second == "ipv6") << setting.first;
    const GuestItems about = items_about(has_it, {setting});
    EXPECT_EQ(about.empty(), on_taps) << setting.first;
    for (const Topology& from : {scenario_.topology, has_it})
      EXPECT_EQ(settings_of(live_steps(from, has_it, lab, about)), on_taps ? 0U : 1U) << setting.first;
  }
}

TEST_F(SettingCosts, WhatWasSetIsReadBackByItsKey) {
  const std::vector<SettingText> set = {{"router.wan.lro", "on"},
                                        {"lan.mtu", "1400"},
                                        {"download.df", "false"},
                                        {"server.sysctl.net.ipv4.tcp_rmem", "4096 87380 6291456"},
                                        {"router.sysctl.net.core.gro_normal_batch", "8"},
                                        {"client.sysctl.net.core.somaxconn", "8"}};
  const Topology wanted = switched(scenario_.topology, set);
  LiveState state;
  state.nics[{"router", "wan"}] = {1500, {{"large-receive-offload", true}}};
  for (const char* node : {"router", "client"}) state.nics[{node, "lan"}] = {1400, {}};
  state.df = {{"router", true}, {"client", true}, {"server", false}};
  state.values["server"]["sysctl net.ipv4.tcp_rmem"] = "4096\t87380\t6291456";
  state.values["router"]["sysctl net.core.gro_normal_batch"] = "16";
  std::map<std::string, std::pair<std::string, bool>> read;
  for (const SettingReadBack& one : read_back(state, wanted, {}, set)) read[one.key] = {one.value, one.as_wanted};
  EXPECT_EQ(read, (std::map<std::string, std::pair<std::string, bool>>{
                      {"router.wan.lro", {"on", true}},
                      {"router.lan.mtu", {"1400", true}},
                      {"client.lan.mtu", {"1400", true}},
                      {"download.df", {"false", true}},
                      {"server.sysctl.net.ipv4.tcp_rmem", {"4096 87380 6291456", true}},
                      {"router.sysctl.net.core.gro_normal_batch", {"16", false}},
                      {"client.sysctl.net.core.somaxconn", {"unknown", false}}}));
}

}  // namespace
}  // namespace offlab
