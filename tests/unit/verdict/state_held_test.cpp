// Settings that did not hold, and kernel logs: what is an error of the lab, and what is the router's.
#include <gtest/gtest.h>

#include "measured_cases.h"

namespace offlab {
namespace {

const StateDifference unexplained = {NicRef{"router", "wan"}, "gro", "on", "off", "after", false};
const StateDifference not_taken = {NicRef{"router", "wan"}, "lro", "on", "off", "before", false};
const StateDifference healed = {"tap router-wan", "tx-tcp-segmentation", "on", "off", "0.4 s into the transfer", true};

Finding judged_with(std::vector<StateDifference> differences, std::vector<std::string> missing = {}) {
  MeasuredCase measured = healthy_case();
  measured.measured.differences = std::move(differences);
  measured.measured.missing = std::move(missing);
  return judged(Invariant::state_held, measured);
}

TEST(StateHeld, PassesWhenEverythingWasReadBackEqual) {
  const Finding finding = judged_with({});
  EXPECT_EQ(finding.invariant, Invariant::state_held);
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_EQ(finding.value, 0);
  EXPECT_EQ(finding.text, "every setting read back equal before and after");
}

TEST(StateHeld, NamesWhatChangedAlongWithARequestedFeature) {
  MeasuredCase measured = healthy_case();
  measured.measured.side_effects = {"router wan: tx off", "router lan: tx off"};
  EXPECT_EQ(judged(Invariant::state_held, measured).outcome, Outcome::pass);
  EXPECT_EQ(judged(Invariant::state_held, measured).text,
            "every setting read back equal before and after; changed along with them: router wan: tx off, router lan: "
            "tx off");
}

TEST(StateHeld, FailsOnAnUnexplainedChange) {
  EXPECT_EQ(judged_with({unexplained}).outcome, Outcome::fail);
  EXPECT_EQ(judged_with({unexplained}).text, "router wan: gro was to be on, is off (after)");
}

TEST(StateHeld, IsInconclusiveWhenAnInjectionWasHealed) {
  EXPECT_EQ(judged_with({unexplained, healed}).outcome, Outcome::inconclusive);
  EXPECT_EQ(
      judged_with({healed}).text,
      "tap router-wan: tx-tcp-segmentation was to be on, is off (0.4 s into the transfer); an injected setting did "
      "not stay, so the case did not test what it should test");
}

TEST(StateHeld, IsInconclusiveWhenASettingWasNotTaken) {
  EXPECT_EQ(judged_with({not_taken}).outcome, Outcome::inconclusive);
  EXPECT_NE(judged_with({not_taken}).text.find("; a setting was not taken"), std::string::npos);
}

TEST(StateHeld, IsInconclusiveWhenSomethingWasNotRead) {
  const Finding finding = judged_with({}, {"mtu wan of router after the transfer", "captures"});
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_EQ(finding.text, "not read: mtu wan of router after the transfer, captures");
}

TEST(StateHeld, AChangeThatWasSeenIsSeenWhateverIsMissing) {
  EXPECT_EQ(judged_with({unexplained}, {"captures"}).outcome, Outcome::fail);
}

TEST(KernelLog, PassesWhenEveryLogWasReadAndSaysNothing) {
  const Finding finding = judged(Invariant::kernel_log, healthy_case());
  EXPECT_EQ(finding.invariant, Invariant::kernel_log);
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_EQ(finding.value, 0);
}

TEST(KernelLog, FailsOnAComplaint) {
  MeasuredCase measured = healthy_case();
  measured.measured.kernel_complaints = {"router: wan: hw csum failure", "router: wan: bad gso"};
  EXPECT_EQ(judged(Invariant::kernel_log, measured).outcome, Outcome::fail);
  EXPECT_EQ(judged(Invariant::kernel_log, measured).text, "2 complaints, the first: router: wan: hw csum failure");
  measured.measured.kernel_logs_read = false;
  EXPECT_EQ(judged(Invariant::kernel_log, measured).outcome, Outcome::fail);
}

TEST(KernelLog, IsInconclusiveWhenALogWasNotRead) {
  MeasuredCase measured = healthy_case();
  measured.measured.kernel_logs_read = false;
  EXPECT_EQ(judged(Invariant::kernel_log, measured).outcome, Outcome::inconclusive);
}

}  // namespace
}  // namespace offlab
