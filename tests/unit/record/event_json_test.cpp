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
      {{LabAttempt{"lab-1", 1}, event::LabStage{"boot", "tcg"}},
       R"({"detail":"tcg","event":"lab-stage","lab":"lab-1","stage":"boot"})"},
      {event::NodeReady{"router", 8.25, true},
       R"({"event":"node-ready","node":"router","restored":true,"seconds":8.25})"},
      {event::CaseStarted{"a,b=c"}, R"({"event":"case-started","id":"a,b=c"})"},
      {event::StepStarted{"a", "control", "transfer"},
       R"({"case_id":"a","event":"step-started","leg":"control","step":"transfer"})"},
      {event::TransferProgress{"a", "case", 0.5, 4, 1.9e6, 1.5e6, 17},
       R"({"bogus_errors":17,"case_id":"a","event":"transfer-progress","leg":"case","passed_bps":1500000.0,"seconds":0.5,"total_seconds":4.0,"uplink_bps":1900000.0})"},
      {event::CaseRecorded{"a", Recorded::skipped, "no \"lro\""},
       R"({"event":"case-recorded","id":"a","reason":"no \"lro\"","recorded":"skipped"})"},
      {event::Note{"line one\nline two"}, R"({"event":"note","text":"line one\nline two"})"},
      {event::LabFailed{"no tun", "load it"}, R"({"event":"lab-failed","reason":"no tun","remedy":"load it"})"},
      {event::LabWorn{"a", "router: bad gso", true},
       R"({"before":true,"case_id":"a","event":"lab-worn","reason":"router: bad gso"})"},
  };
  return all;
}

TEST(EventJson, HasALineForEveryEvent) {
  ASSERT_EQ(every_event().size(), std::variant_size_v<Event::What>);
  for (std::size_t i = 0; i < every_event().size(); ++i) {
    EXPECT_EQ(every_event()[i].first.what.index(), i);
    EXPECT_EQ(event_to_line(every_event()[i].first), every_event()[i].second);
  }
}

TEST(EventJson, ReadsEveryLineBack) {
  for (const auto& [event, line] : every_event()) {
    const Event read = event_from_line(line);
    EXPECT_EQ(read, event) << line;
    EXPECT_EQ(event_to_line(read), line);
  }
}

TEST(EventJson, KeepsWhatBecameOfACase) {
  for (const Recorded recorded : {Recorded::recorded, Recorded::skipped, Recorded::broken}) {
    const Event event = event::CaseRecorded{"a", recorded, ""};
    EXPECT_EQ(event_from_line(event_to_line(event)), event);
  }
}

TEST(EventJson, SaysOfWhichLabAndAttemptItIs) {
  const Event event{LabAttempt{"lab-2", 3}, event::Note{"slow"}};
  EXPECT_EQ(event_to_line(event), R"({"attempt":3,"event":"note","lab":"lab-2","text":"slow"})");
  EXPECT_EQ(event_from_line(event_to_line(event)), event);
}

TEST(EventJson, ReadsWhatAnEarlierVersionSaidOfACase) {
  const Event read = event_from_line(R"({"event":"case-recorded","id":"a","outcome":"pass","reason":""})");
  EXPECT_EQ(read, Event(event::CaseRecorded{"a", Recorded::recorded, ""}));
}

TEST(EventJson, IsOneLineWhateverTheTextHolds) {
  const std::string line = event_to_line(event::Note{"a\r\nb\xff\x01"});
  EXPECT_EQ(line.find_first_of("\r\n"), std::string::npos);
  EXPECT_NO_THROW(event_from_line(line)) << line;
}

TEST(EventJson, HoldsCleanTextWhicheverSideItIsOf) {
  const Event clean = event::Note{"ab\nc?"};
  EXPECT_EQ(event_to_line(event::Note{"a\033]0;title\007b\r\n\u009b2Jc\uffff"}), event_to_line(clean));
  EXPECT_EQ(event_from_line(R"({"event":"note","text":"a\u001b]0;title\u0007b\r\n\u009b2Jc\uffff"})"), clean);
}

TEST(EventJson, RefusesWhatIsNoEvent) {
  for (const char* line :
       {"", "boot", "[]", "7", "null", "{}", R"({"event":7})", R"({"event":"explosion"})", R"({"event":"note"})",
        R"({"event":"note","text":7})", R"({"event":"case-recorded","id":"a","reason":""})",
        R"({"event":"case-recorded","id":"a","outcome":"great","reason":""})",
        R"({"event":"case-recorded","id":"a","recorded":"great","reason":""})", R"({"event":"note","text":"x")"})
    EXPECT_THROW(event_from_line(line), Error) << line;
}

TEST(EventJson, ReadsTheRecordedRun) {
  std::ifstream stream(recorded_run_path / "events.jsonl");
  std::size_t count = 0;
  for (std::string line; std::getline(stream, line); ++count) {
    const Event read = event_from_line(line);
    const bool reworded = std::holds_alternative<event::CaseRecorded>(read.what);
    EXPECT_TRUE(reworded || event_to_line(read) == line) << line;
  }
  EXPECT_GT(count, 20U);
}

}  // namespace
}  // namespace offlab
