// Settings of hosts are switched one at a time, come into force, and get back what they had; the journal of that.
#include "esxi/host_change.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/read_file.h"
#include "unit/refusal.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string sl = "Net.VmxnetSwLROSL";
const std::string sw3 = "Net.Vmxnet3SwLRO";
const std::string hw3 = "Net.Vmxnet3HwLRO";

// Three of the five are there.
class FakeHosts : public HostSettings {
 public:
  std::map<std::string, std::map<std::string, std::int64_t>> values = {{"esx-1", {{sl, 1}, {sw3, 1}, {hw3, 1}}}};
  std::string refuses;    // a key
  std::string takes_not;  // a key that stays as it is, without a word
  std::function<void()> after_write = [] {};
  std::vector<std::string> writes;

  std::vector<std::string> hosts() override {
    std::vector<std::string> names;
    for (const auto& [name, settings] : values) names.push_back(name);
    return names;
  }
  std::vector<EsxiSetting> read(const std::string& host, const std::vector<std::string>& keys) override {
    std::vector<EsxiSetting> found;
    for (const std::string& key : keys) {
      EsxiSetting one{key};
      if (values[host].contains(key)) one.value = values[host][key];
      found.push_back(one);
    }
    return found;
  }
  void write(const std::string& host, const std::string& key, std::int64_t value) override {
    if (key == refuses) throw Error(host + " refuses " + key);
    writes.push_back(host + " " + key + "=" + std::to_string(value));
    if (key != takes_not) values[host][key] = value;
    after_write();
  }
};

// Every wait is over at once.
class HastyClock : public Clock {
 public:
  Time now() const override { return now_; }
  void wait_until(Time time, const std::stop_token&) override { now_ = std::max(now_, time); }

 private:
  Time now_{};
};

// Every step goes to the log. A machine that has no tools cannot be shut down.
class FakePower : public HostPower {
 public:
  explicit FakePower(FakeHosts& hosts) : hosts_(hosts) {}
  std::map<std::string, bool> vms = {{"router", true}, {"client", false}};
  std::string toolless;
  std::string fails_at;  // a step of the log
  std::vector<std::string> log;
  std::function<void(const std::string& step)> on_step = [](const std::string&) {};

  std::vector<HostMachine> machines(const std::string&, const std::stop_token&) override {
    std::vector<HostMachine> all;
    for (const auto& [name, runs] : vms) all.push_back({name, runs});
    return all;
  }
  void stop_machine(const std::string& host, const std::string& machine, const Deadline&,
                    const std::stop_token&) override {
    if (machine == toolless) throw Error("'" + machine + "' cannot be shut down");
    step(host + " stops " + machine);
    vms[machine] = false;
  }
  void start_machine(const std::string& host, const std::string& machine, const std::stop_token&) override {
    step(host + " starts " + machine);
    vms[machine] = true;
  }
  void enter_maintenance(const std::string& host, const Deadline&, const std::stop_token&) override {
    step(host + " enters maintenance");
  }
  void leave_maintenance(const std::string& host, const Deadline&, const std::stop_token&) override {
    step(host + " leaves maintenance");
  }
  void reboot(const std::string& host, const Deadline&, const std::stop_token& stop) override {
    step(host + " reboots with " + std::to_string(hosts_.values[host][hw3]));
    if (stop.stop_requested()) throw Interrupted();
  }
  void await(const std::string& host, const Deadline&, const std::stop_token&) override {
    log.push_back(host + " answers");
  }

 private:
  void step(const std::string& text) {
    log.push_back(text);
    on_step(text);
    if (text == fails_at) throw Error(text + ": no answer within 1200 s");
  }
  FakeHosts& hosts_;
};

class SwitchedSettings : public testing::Test {
 protected:
  std::string address_ = "esx-1.example.net";

  SettingsJournal journal() { return SettingsJournal(folder_.path(), address_, "offlab 1"); }
  void set(std::int64_t value, const std::stop_token& stop = {}) {
    SettingsJournal own(folder_.path(), address_, "offlab 1");
    HostChange(hosts_, power_, own, how_, clock_, ignore_).switch_to(value, stop);
  }
  std::vector<std::string> restore() {
    SettingsJournal own(folder_.path(), address_, "offlab 1");
    return HostChange(hosts_, power_, own, how_, clock_, ignore_).give_back({});
  }
  std::vector<fs::path> files() const {
    std::vector<fs::path> all;
    for (const auto& entry : fs::directory_iterator(folder_.path()))
      if (entry.path().extension() == ".jsonl") all.push_back(entry.path());
    return all;
  }

  TempFolder folder_;
  FakeHosts hosts_;
  FakePower power_{hosts_};
  EsxiSwitch how_;
  HastyClock clock_;
  ChangeListener ignore_ = {[](const auto&, const auto&, auto, auto) {}, [](const std::string&) {}};
};

TEST_F(SwitchedSettings, AreThoseThatHaveAnotherValue) {
  hosts_.values["esx-1"][sw3] = 0;
  set(0);
  EXPECT_THAT(hosts_.writes, ElementsAre("esx-1 " + sl + "=0", "esx-1 " + hw3 + "=0"));
}

TEST_F(SwitchedSettings, GetBackWhatTheyHadFirst) {
  hosts_.values["esx-1"][sw3] = 0;
  set(0);
  set(1);
  EXPECT_THAT(restore(), IsEmpty());
  EXPECT_THAT(hosts_.values["esx-1"], (std::map<std::string, std::int64_t>{{sl, 1}, {sw3, 0}, {hw3, 1}}));
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(SwitchedSettings, OfSeveralHosts) {
  hosts_.values["esx-2"] = {{sl, 1}};
  set(0);
  EXPECT_THAT(hosts_.writes,
              ElementsAre("esx-1 " + sl + "=0", "esx-1 " + sw3 + "=0", "esx-1 " + hw3 + "=0", "esx-2 " + sl + "=0"));
  restore();
  EXPECT_EQ(hosts_.values["esx-2"][sl], 1);
}

TEST_F(SwitchedSettings, GetBackWhatTheyHadWhenOneIsRefused) {
  hosts_.refuses = hw3;
  EXPECT_THAT(refusal([&] { set(0); }),
              AllOf(HasSubstr("esx-1 refuses " + hw3), HasSubstr("everything else is as it was")));
  EXPECT_THAT(hosts_.values["esx-1"], (std::map<std::string, std::int64_t>{{sl, 1}, {sw3, 1}, {hw3, 1}}));
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(SwitchedSettings, AreReadBack) {
  hosts_.takes_not = sw3;
  EXPECT_THAT(refusal([&] { set(0); }), HasSubstr(sw3 + " is 1 after it was set to 0"));
  EXPECT_EQ(hosts_.values["esx-1"][sl], 1);
}

TEST_F(SwitchedSettings, GetBackWhatTheyHadAtAStop) {
  std::stop_source stop;
  hosts_.after_write = [&] { stop.request_stop(); };
  EXPECT_THROW(set(0, stop.get_token()), Interrupted);
  EXPECT_EQ(hosts_.values["esx-1"][sl], 1);
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(SwitchedSettings, WhatCannotBeBroughtBackIsSaidAndKept) {
  set(0);
  hosts_.refuses = sw3;
  EXPECT_THAT(restore(), ElementsAre(sw3 + " = 1 (esx-1 refuses " + sw3 + ")"));
  hosts_.refuses.clear();
  EXPECT_THAT(restore(), IsEmpty());
  EXPECT_EQ(hosts_.values["esx-1"][sw3], 1);
}

TEST_F(SwitchedSettings, NothingIsLeftWhereNothingWasSwitched) {
  set(1);
  EXPECT_THAT(hosts_.writes, IsEmpty());
  EXPECT_THAT(files(), IsEmpty());
}

// The journal as a process leaves it that is killed at each of its lines.
TEST_F(SwitchedSettings, AKilledProcessLeavesWhatToBringBack) {
  set(0);
  const fs::path file = files().front();
  const std::string whole = read_whole_file(file);
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    write_file(file, whole.substr(0, size));
    const std::string lines = whole.substr(0, size == 0 ? 0 : whole.rfind('\n', size - 1) + 1);
    const SettingsJournal left(folder_.path(), address_, "offlab 2");
    const bool is_finished = lines.find("finished") != std::string::npos;
    std::size_t saved = 0;
    for (auto at = lines.find("\"was\""); at != std::string::npos; at = lines.find("\"was\"", at + 1)) ++saved;
    EXPECT_EQ(left.saved().size(), saved) << size;
    EXPECT_EQ(left.is_unfinished(), saved > 0 && !is_finished) << size;
  }
}

TEST_F(SwitchedSettings, WhoOnlyLooksWritesNothing) {
  journal();
  EXPECT_THAT(files(), IsEmpty());
}

// Of a process that was killed as it began.
TEST_F(SwitchedSettings, AnEmptyJournalIsBegunAnew) {
  set(0);
  const fs::path file = files().front();
  restore();
  write_file(file, "");
  set(0);
  EXPECT_EQ(journal().saved().size(), 3U);
  EXPECT_THAT(restore(), IsEmpty());
}

TEST_F(SwitchedSettings, HostsThatAreNotAsTheyWereAreListed) {
  EXPECT_THAT(changed_hosts(folder_.path()), IsEmpty());
  set(0);
  const auto changed = changed_hosts(folder_.path());
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_EQ(changed[0].address, address_);
  EXPECT_FALSE(changed[0].is_unfinished);
  const SettingsJournal at_work = journal();
  EXPECT_THAT(changed_hosts(folder_.path()), IsEmpty());
}

TEST_F(SwitchedSettings, TwoAtATimeAreRefused) {
  const SettingsJournal one(folder_.path(), address_, "offlab host lro set (ann@lab, process 1)");
  EXPECT_THAT(refusal([&] { SettingsJournal(folder_.path(), address_, "another"); }),
              HasSubstr("in use by offlab host lro set (ann@lab, process 1)"));
  EXPECT_EQ(refusal([&] { SettingsJournal(folder_.path(), "esx-2.example.net", "another"); }), "");
}

TEST_F(SwitchedSettings, ADamagedJournalIsSaid) {
  set(0);
  write_file(files().front(), "{\"format\":\"offlab.host-settings/1\"}\n{\"host\":7,\"was\":1}\n");
  EXPECT_THAT(refusal([&] { journal(); }), HasSubstr("damaged"));
}

class RebootedHost : public SwitchedSettings {
 protected:
  RebootedHost() {
    how_.reboot = EsxiReboot::host_reboot;
    how_.maintenance = true;
    how_.machines = {"router", "client"};
  }
};

TEST_F(RebootedHost, HasItsMachinesStoppedBeforeAndStartedAfter) {
  set(0);
  EXPECT_THAT(power_.log, ElementsAre("esx-1 stops router", "esx-1 enters maintenance", "esx-1 reboots with 0",
                                      "esx-1 leaves maintenance", "esx-1 starts router"));
}

TEST_F(RebootedHost, IsRebootedAgainOnTheWayBack) {
  set(0);
  power_.log.clear();
  EXPECT_THAT(restore(), IsEmpty());
  EXPECT_THAT(power_.log, ElementsAre("esx-1 answers", "esx-1 stops router", "esx-1 enters maintenance",
                                      "esx-1 reboots with 1", "esx-1 leaves maintenance", "esx-1 starts router"));
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(RebootedHost, IsNotRebootedWhereNothingChanges) {
  set(1);
  EXPECT_THAT(power_.log, IsEmpty());
}

TEST_F(RebootedHost, IsNotRebootedWhileOthersRun) {
  power_.vms["payroll"] = true;
  EXPECT_THAT(refusal([&] { set(0); }), HasSubstr("esx-1 is not rebooted: 'payroll' runs there, and not the lab's"));
  EXPECT_THAT(hosts_.writes, IsEmpty());
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(RebootedHost, MachinesThatAreNotThereAreSaid) {
  how_.machines = {"router", "clinet"};
  EXPECT_THAT(refusal([&] { set(0); }), HasSubstr("there is no virtual machine 'clinet' on esx-1"));
  EXPECT_THAT(hosts_.writes, IsEmpty());
}

// Its machines are as they were, and what was stored never came into force.
TEST_F(RebootedHost, WithAMachineThatCannotBeShutDownIsNotRebooted) {
  power_.toolless = "router";
  EXPECT_THAT(refusal([&] { set(0); }), AllOf(HasSubstr("'router' cannot be shut down"), HasSubstr("as it was")));
  EXPECT_EQ(hosts_.values["esx-1"][hw3], 1);
  EXPECT_THAT(power_.log, ElementsAre("esx-1 starts router"));
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(RebootedHost, ThatDoesNotComeBackIsLeftInTheJournal) {
  power_.fails_at = "esx-1 reboots with 0";
  power_.on_step = [this](const std::string& step) {
    if (step == power_.fails_at) hosts_.refuses = hw3;
  };
  EXPECT_THAT(refusal([&] { set(0); }), AllOf(HasSubstr("no answer within"), HasSubstr("not brought back")));
  hosts_.refuses.clear();
  power_.fails_at.clear();
  EXPECT_TRUE(journal().is_unfinished());
  EXPECT_THAT(restore(), IsEmpty());
  EXPECT_EQ(hosts_.values["esx-1"][hw3], 1);
  EXPECT_TRUE(power_.vms["router"]);
}

// A process that is killed at any step leaves a journal from which the next one brings all back.
TEST_F(RebootedHost, IsBroughtBackAfterAKillAtAnyStep) {
  for (const std::string killed_at : {"esx-1 stops router", "esx-1 enters maintenance", "esx-1 reboots with 0",
                                      "esx-1 leaves maintenance", "esx-1 starts router"}) {
    struct Killed {};
    power_.on_step = [&](const std::string& step) {
      if (step == killed_at) throw Killed();
    };
    EXPECT_THROW(set(0), Killed);
    power_.on_step = [](const std::string&) {};
    EXPECT_TRUE(journal().is_unfinished()) << killed_at;
    EXPECT_THAT(restore(), IsEmpty()) << killed_at;
    EXPECT_EQ(hosts_.values["esx-1"][hw3], 1) << killed_at;
    EXPECT_TRUE(power_.vms["router"]) << killed_at;
    EXPECT_FALSE(power_.vms["client"]) << killed_at;
    EXPECT_THAT(files(), IsEmpty()) << killed_at;
    const bool was_in_force =
        power_.log.end() != std::find(power_.log.begin(), power_.log.end(), "esx-1 reboots with 0");
    const bool is_back = power_.log.end() != std::find(power_.log.begin(), power_.log.end(), "esx-1 reboots with 1");
    EXPECT_EQ(was_in_force, is_back) << killed_at;
    power_.log.clear();
  }
}

TEST_F(RebootedHost, ASignalMeanwhileBringsAllBack) {
  std::stop_source stop;
  power_.on_step = [&](const std::string& step) {
    if (step == "esx-1 reboots with 0") stop.request_stop();
  };
  EXPECT_THROW(set(0, stop.get_token()), Interrupted);
  EXPECT_EQ(hosts_.values["esx-1"][hw3], 1);
  EXPECT_TRUE(power_.vms["router"]);
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(SwitchedSettings, APowerCycleIsOfTheLabsMachinesAlone) {
  how_.reboot = EsxiReboot::vm_power_cycle;
  how_.machines = {"router"};
  power_.vms["payroll"] = true;
  set(0);
  EXPECT_THAT(power_.log, ElementsAre("esx-1 stops router", "esx-1 starts router"));
}

TEST_F(SwitchedSettings, AHostThatTookAValueAndRefusedItHasWhatItHad) {
  set(0);
  hosts_.after_write = [] { throw Error("HostConfigFault"); };
  EXPECT_THAT(restore(), IsEmpty());
  EXPECT_EQ(hosts_.values["esx-1"][hw3], 1);
}

}  // namespace
}  // namespace offlab
