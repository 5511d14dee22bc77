// Events as JSON lines. The lines are a contract between a worker and whoever started it.
#include "record/event_json.h"

#include <fstream>

#include <gtest/gtest.h>

#include "base/error.h"
#include "unit/recorded_run.h"

namespace offlab {
namespace {

const std::vector<std::pair<Event, std::string>>& every_event() {
  static const std::vector<std::pair<Event, std::string>> all = {
      {event::LabStage{"lab-1", "boot", "tcg"}, R"({"detail":"tcg","event":"lab-stage","lab":"lab-1","stage":"boot"})"},
      {event::NodeReady{"router", 8.25, true},
       R"({"event":"node-ready","node":"router","restored":true,"seconds":8.25})"},
      {event::CaseStarted{"a,b=c"}, R"({"event":"case-started","id":"a,b=c"})"},
      {event::StepStarted{"a", "control", "transfer"},
       R"({"case_id":"a","event":"step-started","leg":"control","step":"transfer"})"},
      {event::TransferProgress{"a", "case", 0.5, 4, 1.9e6},
       R"({"case_id":"a","event":"transfer-progress","leg":"case","seconds":0.5,"total_seconds":4.0,"uplink_bps":1900000.0})"},
      {event::CaseRecorded{"a", Outcome::skip, "no \"lro\""},
       R"({"event":"case-recorded","id":"a","outcome":"skip","reason":"no \"lro\""})"},
      {event::Note{"line one\nline two"}, R"({"event":"note","text":"line one\nline two"})"},
      {event::LabFailed{"no tun", "load it"}, R"({"event":"lab-failed","reason":"no tun","remedy":"load it"})"},
  };
  return all;
}

TEST(EventJson, HasALineForEveryEvent) {
  ASSERT_EQ(every_event().size(), std::variant_size_v<Event>);
  for (std::size_t i = 0; i < every_event().size(); ++i) {
    EXPECT_EQ(every_event()[i].first.index(), i);
    EXPECT_EQ(event_to_line(every_event()[i].first), every_event()[i].second);
  }
}

TEST(EventJson, ReadsEveryLineBack) {
  for (const auto& [event, line] : every_event()) {
    const Event read = event_from_line(line);
    EXPECT_EQ(read.index(), event.index()) << line;
    EXPECT_EQ(event_to_line(read), line);
  }
}

TEST(EventJson, KeepsEveryOutcome) {
  for (const Outcome outcome : {Outcome::pass, Outcome::fail, Outcome::inconclusive, Outcome::skip, Outcome::error}) {
    const Event read = event_from_line(event_to_line(event::CaseRecorded{"a", outcome, ""}));
    EXPECT_EQ(std::get<event::CaseRecorded>(read).outcome, outcome);
  }
}

TEST(EventJson, IsOneLineWhateverTheTextHolds) {
  const std::string line = event_to_line(event::Note{"a\r\nb\xff\x01"});
  EXPECT_EQ(line.find_first_of("\r\n"), std::string::npos);
  EXPECT_NO_THROW(event_from_line(line)) << line;
}

TEST(EventJson, RefusesWhatIsNoEvent) {
  for (const char* line :
       {"", "boot", "[]", "7", "null", "{}", R"({"event":7})", R"({"event":"explosion"})", R"({"event":"note"})",
        R"({"event":"note","text":7})", R"({"event":"case-recorded","id":"a","reason":""})",
        R"({"event":"case-recorded","id":"a","outcome":"great","reason":""})", R"({"event":"note","text":"x")"})
    EXPECT_THROW(event_from_line(line), Error) << line;
}

TEST(EventJson, ReadsTheRecordedRun) {
  std::ifstream stream(recorded_run_path / "events.jsonl");
  std::size_t count = 0;
  for (std::string line; std::getline(stream, line); ++count) EXPECT_EQ(event_to_line(event_from_line(line)), line);
  EXPECT_GT(count, 20U);
}

}  // namespace
}  // namespace offlab
