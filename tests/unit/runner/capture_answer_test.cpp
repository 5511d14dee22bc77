// The first sentence of an answer: what an engineer pastes into a ticket.
#include "runner/capture_answer.h"

#include <algorithm>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "folders.h"
#include "record/analysis_json.h"
#include "report/analysis.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

CaptureAnswer answer(const std::string& before, const std::string& behind = "") {
  const fs::path folder = fs::path(tests_folder()) / "data/field-captures";
  ForeignEvidence evidence{{folder / (before + ".pcap")}};
  if (!behind.empty()) evidence.second = {folder / (behind + ".pcap")};
  return answer_of(analyze_captures(evidence, {}), {});
}

CaptureAnswer pair(const std::string& name) {
  return answer(name + "-wan", name + "-lan");
}

std::string commands(const CaptureAnswer& one) {
  std::string all;
  for (const MissingCapture& missing : one.missing) {
    all += missing.what + "\n";
    for (const std::string& command : missing.commands) all += command + "\n";
  }
  return all;
}

TEST(CaptureAnswer, SaysWhoRefusesWhatAndWhy) {
  const CaptureAnswer storm = pair("02-storm-total");
  EXPECT_THAT(
      storm.headline,
      StartsWith("Router 198.18.2.1 sends \"fragmentation needed, MTU 1500\" 6 times for packets that 198.18.2.2 "
                 "already sent with at most 1500 bytes: something below the router coalesces them"));
  EXPECT_THAT(storm.headline, HasSubstr("coalesced already where the capture was made (frames of up to 7340 bytes)"));
  EXPECT_TRUE(storm.missing.empty());
}

TEST(CaptureAnswer, SaysWhatStoppedAndWhen) {
  const CaptureAnswer one = pair("01-blackhole-total");
  EXPECT_THAT(one.headline,
              AllOf(HasSubstr("nothing that 198.18.2.2 retransmits leaves the router"),
                    HasSubstr("1460 bytes and what follows, 5 times"), HasSubstr("no ICMP error is in the capture")));
}

TEST(CaptureAnswer, NamesTheReceiverWhereItIsTheReceiver) {
  EXPECT_THAT(answer("17-zero-window").headline,
              StartsWith("The receiver 198.18.1.2 does not read: it announced a window of zero 5 times"));
  EXPECT_THAT(answer("18-keepalives").headline, HasSubstr("idle: 5 keep-alives"));
}

TEST(CaptureAnswer, AHealthySideIsOne) {
  EXPECT_THAT(answer("05-each-frame-twice").headline, StartsWith("Nothing wrong on this side of the router"));
  EXPECT_THAT(answer("14-healthy-ip-length-0").headline, StartsWith("11.7 kB of data in 4 frames is too little"));
  EXPECT_THAT(pair("10-clock-half-millisecond").headline,
              StartsWith("In these captures the router loses and changes nothing"));
  EXPECT_THAT(pair("15-honest-pmtud-short").headline, StartsWith("Path MTU discovery works: Router 198.18.2.1"));
}

TEST(CaptureAnswer, ErrorsWithoutWhatTheyAreAboutAreReported) {
  EXPECT_THAT(answer("08-errors-without-data").headline,
              AllOf(StartsWith("Router 198.18.2.1 sends \"fragmentation needed, MTU 1500\" 4 times to 198.18.2.2, for "
                               "packets of 7340 bytes"),
                    HasSubstr("lro-orphan-storm is likely, but not proven")));
  const CaptureAnswer cut = pair("25-storm-ipv6-snaplen96");
  EXPECT_THAT(cut.headline, AllOf(HasSubstr("\"packet too big, MTU 1500\""), HasSubstr("cut off in the capture")));
  EXPECT_THAT(commands(cut), AllOf(HasSubstr("the frames are cut at 96 bytes: errors need 192"), HasSubstr("-s 192")));
}

TEST(CaptureAnswer, SaysHowToCaptureTheRest) {
  const CaptureAnswer one = answer("06-one-direction");
  EXPECT_THAT(one.headline, StartsWith("Only what 198.18.2.2 sends is in the capture"));
  EXPECT_THAT(commands(one),
              AllOf(HasSubstr("pktcap-uw --switchport PORT --dir 2"), HasSubstr("tcpdump -i TOWARDS_SENDER"),
                    HasSubstr("offlab analyze --before before.pcap --behind behind.pcap")));
  EXPECT_THAT(commands(pair("07-pktcap-uw-default")), HasSubstr("both directions"));
}

TEST(CaptureAnswer, TunnelsAreNamed) {
  const CaptureAnswer one = answer("21-storm-vxlan");
  const auto named = [](const CaptureFact& fact) { return fact.text.find("TCP inside VXLAN") != std::string::npos; };
  EXPECT_TRUE(std::any_of(one.facts.begin(), one.facts.end(), named));
}

// What was not in the captures is not said to hold.
TEST(CaptureAnswer, NothingHoldsBecauseNothingWasSeen) {
  for (const char* name :
       {"06-one-direction", "08-errors-without-data", "18-keepalives", "19-one-retransmission-tiny"}) {
    const CaptureAnswer one = answer(name);
    EXPECT_THAT(one.unseen, Contains(Invariant::stimulus_present)) << name;
    EXPECT_THAT(console_answer(one), Not(HasSubstr("stimulus-present"))) << name;
    EXPECT_THAT(console_answer(one), Not(HasSubstr("nothing to obey"))) << name;
    EXPECT_THAT(json_answer(one), HasSubstr("stimulus-present")) << name;
  }
  EXPECT_THAT(console_answer(answer("06-one-direction")), Not(HasSubstr("Holds")));
}

TEST(CaptureAnswer, IsTheSameInEachForm) {
  const CaptureAnswer one = pair("02-storm-total");
  EXPECT_THAT(console_answer(one), AllOf(StartsWith(one.headline), HasSubstr("class       lro-orphan-storm")));
  EXPECT_THAT(markdown_answer(one),
              AllOf(StartsWith("**" + one.headline + "**"), HasSubstr("| class | lro-orphan-storm |")));
  EXPECT_THAT(json_answer(one), AllOf(HasSubstr("\"headline\""), HasSubstr("\"class\": \"lro-orphan-storm\"")));
}

}  // namespace
}  // namespace offlab
