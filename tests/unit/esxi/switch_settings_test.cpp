// Settings of hosts are switched one at a time, and get back what they had; the journal of that.
#include "esxi/switch_settings.h"

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

class FakeHosts : public HostSettings {
 public:
  std::map<std::string, std::map<std::string, std::int64_t>> values = {{"esx-1", {{"A", 1}, {"B", 1}, {"C", 1}}}};
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

class SwitchedSettings : public testing::Test {
 protected:
  const std::vector<std::string> keys_ = {"A", "B", "C", "D"};  // D is not there
  std::string address_ = "esx-1.example.net";

  SettingsJournal journal() { return SettingsJournal(folder_.path(), address_, "offlab 1"); }
  void set(std::int64_t value, const std::stop_token& stop = {}) {
    SettingsJournal own(folder_.path(), address_, "offlab 1");
    switch_settings(hosts_, own, keys_, value, stop, ignore_);
  }
  std::vector<std::string> restore() {
    SettingsJournal own(folder_.path(), address_, "offlab 1");
    return restore_settings(hosts_, own, ignore_);
  }
  std::vector<fs::path> files() const {
    std::vector<fs::path> all;
    for (const auto& entry : fs::directory_iterator(folder_.path()))
      if (entry.path().extension() == ".jsonl") all.push_back(entry.path());
    return all;
  }

  TempFolder folder_;
  FakeHosts hosts_;
  SettingListener ignore_ = [](const std::string&, const std::string&, std::int64_t, std::int64_t) {};
};

TEST_F(SwitchedSettings, AreThoseThatHaveAnotherValue) {
  hosts_.values["esx-1"]["B"] = 0;
  set(0);
  EXPECT_THAT(hosts_.writes, ElementsAre("esx-1 A=0", "esx-1 C=0"));
}

TEST_F(SwitchedSettings, GetBackWhatTheyHadFirst) {
  hosts_.values["esx-1"]["B"] = 0;
  set(0);
  set(1);
  EXPECT_THAT(restore(), IsEmpty());
  EXPECT_THAT(hosts_.values["esx-1"], (std::map<std::string, std::int64_t>{{"A", 1}, {"B", 0}, {"C", 1}}));
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(SwitchedSettings, OfSeveralHosts) {
  hosts_.values["esx-2"] = {{"A", 1}};
  set(0);
  EXPECT_THAT(hosts_.writes, ElementsAre("esx-1 A=0", "esx-1 B=0", "esx-1 C=0", "esx-2 A=0"));
  restore();
  EXPECT_EQ(hosts_.values["esx-2"]["A"], 1);
}

TEST_F(SwitchedSettings, GetBackWhatTheyHadWhenOneIsRefused) {
  hosts_.refuses = "C";
  EXPECT_THAT(refusal([&] { set(0); }), AllOf(HasSubstr("esx-1 refuses C"), HasSubstr("have what they had")));
  EXPECT_THAT(hosts_.values["esx-1"], (std::map<std::string, std::int64_t>{{"A", 1}, {"B", 1}, {"C", 1}}));
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(SwitchedSettings, AreReadBack) {
  hosts_.takes_not = "B";
  EXPECT_THAT(refusal([&] { set(0); }), HasSubstr("B is 1 after it was set to 0"));
  EXPECT_EQ(hosts_.values["esx-1"]["A"], 1);
}

TEST_F(SwitchedSettings, GetBackWhatTheyHadAtAStop) {
  std::stop_source stop;
  hosts_.after_write = [&] { stop.request_stop(); };
  EXPECT_THROW(set(0, stop.get_token()), Interrupted);
  EXPECT_EQ(hosts_.values["esx-1"]["A"], 1);
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(SwitchedSettings, WhatCannotBeBroughtBackIsSaidAndKept) {
  set(0);
  hosts_.refuses = "B";
  EXPECT_THAT(restore(), ElementsAre("B = 1 (esx-1 refuses B)"));
  hosts_.refuses.clear();
  EXPECT_THAT(restore(), IsEmpty());
  EXPECT_EQ(hosts_.values["esx-1"]["B"], 1);
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

}  // namespace
}  // namespace offlab
