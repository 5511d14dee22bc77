#include "history/sqlite_history.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "history/database.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const NightEntry first_night{
    .id = "2026-11-28 a", .campaign = "lab", .started = "2026-11-28T01:00:00Z", .finished = "", .folder = "/runs/a"};
const NightEntry second_night{
    .id = "2026-11-29 b", .campaign = "lab", .started = "2026-11-29T01:00:00Z", .finished = "", .folder = "/runs/b"};

HistoryRow some_row(const std::string& night, const std::string& case_id) {
  HistoryRow row{.night = night, .part = "routers", .case_id = case_id};
  row.host = {"lab-1", "tcg", "7.2.22", "6.1.0"};
  row.offlab = "0.1.0";
  row.image = "27a0882d";
  row.file_digest = "aa";
  row.case_digest = "bb";
  row.outcome = Outcome::fail;
  row.fault_class = FaultClass::lro_orphan_storm;
  row.recorded = "recorded";
  row.reason = "naïve 'quotes'; --";
  row.goodput_bps = 1e8;
  row.control_bps = 4e8;
  row.seconds = 6.5;
  row.folder = "/runs/a/parts/routers/cases/01";
  return row;
}

TEST(SqliteHistory, WhatIsWrittenIsReadBack) {
  const auto history = open_history(":memory:");
  history->begin(first_night);
  HistoryRow broken = some_row(first_night.id, "two");
  broken.outcome = Outcome::error;
  broken.fault_class.reset();
  broken.goodput_bps.reset();
  broken.last = false;
  history->add({some_row(first_night.id, "one"), broken});
  EXPECT_THAT(history->rows(), ElementsAre(some_row(first_night.id, "one"), broken));
  EXPECT_THAT(history->nights(), ElementsAre(first_night));
}

TEST(SqliteHistory, WhatIsWrittenTwiceIsThereOnce) {
  const auto history = open_history(":memory:");
  for (int i = 0; i < 2; ++i) {
    history->begin(first_night);
    history->add({some_row(first_night.id, "one")});
    history->add(Acknowledgement{"routers", "one", first_night.id, "new cable", "2026-11-29T08:00:00Z"});
  }
  EXPECT_EQ(history->rows().size(), 1U);
  EXPECT_EQ(history->nights().size(), 1U);
  EXPECT_EQ(history->acknowledgements().size(), 1U);
}

TEST(SqliteHistory, NightsComeInTheOrderOfTheirStarts) {
  const auto history = open_history(":memory:");
  history->begin(second_night);
  history->add({some_row(second_night.id, "one")});
  history->begin(first_night);
  history->add({some_row(first_night.id, "one")});
  const auto rows = history->rows();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].night, first_night.id);
  EXPECT_EQ(history->nights()[1].id, second_night.id);
}

TEST(SqliteHistory, AnAlarmGetsItsAnswer) {
  const auto history = open_history(":memory:");
  history->begin(first_night);
  Alarm alarm{.night = first_night.id,
              .part = "routers",
              .case_id = "one",
              .host = {"lab-1", "tcg", "7", "6"},
              .since = first_night.id,
              .change = -0.1,
              .p_value = 1e-6};
  history->add(alarm);
  alarm.answer = "worse";
  history->add(alarm);
  EXPECT_THAT(history->alarms(), ElementsAre(alarm));
}

TEST(SqliteHistory, ARowOfANightThatIsNotThereIsRefused) {
  const auto history = open_history(":memory:");
  EXPECT_THROW(history->add({some_row("no night", "one")}), Error);
  EXPECT_TRUE(history->rows().empty());
}

TEST(SqliteHistory, TwoProcessesShareAFile) {
  const TempFolder folder;
  const auto one = open_history(folder.path() / "history.sqlite");
  const auto other = open_history(folder.path() / "history.sqlite");
  one->begin(first_night);
  other->begin(second_night);
  one->add({some_row(first_night.id, "one")});
  EXPECT_EQ(other->rows().size(), 1U);
  EXPECT_EQ(one->nights().size(), 2U);
}

TEST(SqliteHistory, OtherFilesAreRefused) {
  const TempFolder folder;
  const auto message_of = [&](const std::filesystem::path& file) -> std::string {
    try {
      open_history(file);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  std::ofstream(folder.path() / "text")
      << "this is no database, and it is long enough to be looked at as one by anybody\n";
  EXPECT_THAT(message_of(folder.path() / "text"), HasSubstr("not a database"));
  Database(folder.path() / "other").run("CREATE TABLE somebody (id INTEGER)");
  EXPECT_THAT(message_of(folder.path() / "other"), HasSubstr("is no history of offlab"));
  open_history(folder.path() / "later");
  Database(folder.path() / "later").run("PRAGMA user_version = 99");
  EXPECT_THAT(message_of(folder.path() / "later"), HasSubstr("has schema 99"));
  EXPECT_THAT(message_of(folder.path() / "nowhere/history"), HasSubstr("opening the history"));
}

}  // namespace
}  // namespace offlab
