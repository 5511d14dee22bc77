// What a person reads on the terminal.
#include "report/console.h"

#include <gtest/gtest.h>

#include "report/diagnosis_text.h"
#include "sample_run.h"
#include "unit/golden.h"
#include "verdict/diagnosis.h"

namespace offlab {
namespace {

TEST(ConsoleSummary, IsPinned) {
  expect_golden("console-summary.txt", console_summary(sample_run(), "runs/2026-11-24"));
}

TEST(ConsoleSummary, NamesTheQuestionAndNoFolderWhereThereIsNone) {
  RunResult run = sample_run();
  run.question = Question::as_expected;
  run.outcome = Outcome::pass;
  run.cases.resize(1);
  const std::string text = console_summary(run, "");
  EXPECT_NE(text.find("\nvmxnet3-router: is every case as the file expects? PASS\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("evidence:"), std::string::npos);
}

TEST(ConsoleSummary, GrowsWithTheLongestId) {
  RunResult run = sample_run();
  run.cases = {run.cases[0]};
  run.cases[0].id = std::string(50, 'x');
  const std::string text = console_summary(run, "");
  EXPECT_NE(text.find("case" + std::string(46, ' ') + "  outcome"), std::string::npos) << text;
  EXPECT_NE(text.find(std::string(50, 'x') + "  fail"), std::string::npos) << text;
}

TEST(ConsoleCase, ShowsWhatFailedAndItsFrames) {
  EXPECT_EQ(
      console_case(sample_run().cases[0], Question::healthy, false),
      "FAIL         hypervisor-lro  [lro-orphan-storm]  goodput 1.90 Mbit/s (control 400 Mbit/s), 18 refused\n"
      "    fail         bogus-frag-needed: the router refused 18 packets\n"
      "       0.028567 s  router-wan #20  IP 198.18.2.2.5201 > 198.18.1.2.50978: Flags [P.], seq 1:7241, length 7240\n"
      "       0.034955 s  router-wan #22  IP 198.18.2.1 > 198.18.2.2: ICMP 198.18.1.2 unreachable - need to frag "
      "(mtu 1500), length 556\n"
      "    warning      throughput-floor: goodput low\n" +
          describe(diagnose(sample_run().cases[0])));
}

TEST(ConsoleCase, ShowsWhatPassedOnlyWhenAsked) {
  const CaseResult healthy = sample_run().cases[1];
  EXPECT_EQ(console_case(healthy, Question::healthy, false),
            "PASS         control-lro-on  [healthy]  goodput 412 Mbit/s (control 400 Mbit/s), 0 refused\n");
  EXPECT_EQ(console_case(healthy, Question::healthy, true),
            "PASS         control-lro-on  [healthy]  goodput 412 Mbit/s (control 400 Mbit/s), 0 refused\n"
            "    pass         bogus-frag-needed: no packet of the flow was refused\n");
}

TEST(ConsoleCase, TellsAnExpectedFaultInOneLineUnlessAsked) {
  CaseResult storm = sample_run().cases[0];
  storm.outcome = Outcome::pass;
  const std::string line =
      "PASS         hypervisor-lro  [lro-orphan-storm, as expected]  goodput 1.90 Mbit/s (control 400 Mbit/s), 18 "
      "refused\n";
  EXPECT_EQ(console_case(storm, Question::as_expected, false), line);
  EXPECT_EQ(console_case(storm, Question::as_expected, true).rfind(line + "    fail         bogus-frag-needed", 0), 0U);
}

TEST(ConsoleCase, ShowsADashForWhatIsAbsent) {
  EXPECT_EQ(console_case(sample_run().cases[2], Question::healthy, false),
            "INCONCLUSIVE smaller-client-mtu  [-]  goodput - (control 400 Mbit/s), - refused\n"
            "    throughput-floor: no goodput: iperf3 exited with status 1\n"
            "    inconclusive throughput-floor: no goodput\n");
}

TEST(ConsoleCase, ShowsWhyACaseWasNotJudged) {
  EXPECT_EQ(console_case(sample_run().cases[3], Question::healthy, false),
            "SKIP         virtio  [-]\n    virtio has no LRO\n");
  EXPECT_EQ(console_case(sample_run().cases[4], Question::healthy, true),
            "ERROR        router.model=e1000  [-]\n    starting domain 'router': <no \"kernel\"> & no initrd\n");
}

TEST(ConsoleSummary, SaysWhyCasesWereLeftOut) {
  RunResult run{.outcome = Outcome::inconclusive, .name = "x"};
  run.cases = {{.id = "a", .outcome = Outcome::skip, .forwarding = Outcome::skip, .reason = "the run ended with b"}};
  run.cases[0].recorded = Recorded::left_out;
  EXPECT_NE(console_summary(run, "").find("1 of 1 cases were left out: the run ended with b\n"), std::string::npos);
}

}  // namespace
}  // namespace offlab
