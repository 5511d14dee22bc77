// Results: read from run.json as a run writes it, told to people, matched by tests.
#include <gtest/gtest-spi.h>
#include <offlab/gtest.h>
#include <offlab/options.h>

#include "unit/library/inner_side.h"
#include "unit/temp_folder.h"

namespace {

using offlab::CaseResult;
using offlab::Outcome;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class ReadRun : public testing::Test {
 protected:
  ReadRun() { write(inner_side::sample_run_json()); }
  void write(const std::string& text) { offlab::write_file(temp_.path() / "run.json", text); }
  offlab::RunResult read() const { return offlab::read_run(temp_.path()); }
  // What read() throws.
  std::string refusal() const try {
    read();
    return "it was read";
  } catch (const offlab::Failure& failure) {
    EXPECT_EQ(failure.status(), 3);
    return failure.what();
  }

  offlab::TempFolder temp_;
};

TEST_F(ReadRun, HasOutcomeClassAndSettingsOfEachCase) {
  const offlab::RunResult run = read();
  EXPECT_EQ(run.outcome, Outcome::fail);
  EXPECT_EQ(run.folder, temp_.path());
  ASSERT_EQ(run.cases.size(), 5U);
  const CaseResult& storm = run.at("hypervisor-lro");
  EXPECT_EQ(storm.outcome, Outcome::fail);
  EXPECT_EQ(storm.forwarding, Outcome::fail);
  EXPECT_EQ(storm.fault_class, "lro-orphan-storm");
  EXPECT_EQ(storm.settings, (offlab::Settings{{"router.lro", "off"}}));
  EXPECT_THAT(storm.artifacts,
              ElementsAre("cases/01-hypervisor-lro/case.json", "cases/01-hypervisor-lro/case/router-wan.pcapng"));
}

TEST_F(ReadRun, HasFindingsWithTheirFrames) {
  const offlab::RunResult run = read();
  const CaseResult& storm = run.at("hypervisor-lro");
  ASSERT_EQ(storm.violations().size(), 1U);
  const offlab::Finding finding = storm.violations().front();
  EXPECT_EQ(finding.invariant, "bogus-frag-needed");
  EXPECT_EQ(finding.value, 18);
  EXPECT_EQ(finding.limit, 0);
  ASSERT_EQ(finding.frames.size(), 2U);
  EXPECT_EQ(finding.frames.back().point, "router-wan");
  EXPECT_EQ(finding.frames.back().number, 22U);
  EXPECT_THAT(finding.frames.back().text, HasSubstr("need to frag (mtu 1500)"));
  EXPECT_TRUE(storm.findings[1].warning);
  EXPECT_FALSE(storm.violates("throughput-floor")) << "a warning is no violation";
}

TEST_F(ReadRun, HasMeasurementsAndNoneThatCouldNotBeHad) {
  const offlab::RunResult run = read();
  const CaseResult& storm = run.at("hypervisor-lro");
  ASSERT_TRUE(storm.measured && storm.control);
  EXPECT_DOUBLE_EQ(*storm.measured->goodput_bps, 1.9e6);
  EXPECT_DOUBLE_EQ(*storm.control->goodput_bps, 400e6);
  EXPECT_DOUBLE_EQ(storm.measured->numbers.at("superframes"), 18);
  const CaseResult& unclear = run.at("smaller-client-mtu");
  EXPECT_EQ(unclear.outcome, Outcome::inconclusive);
  EXPECT_EQ(unclear.fault_class, "");
  EXPECT_FALSE(unclear.measured->goodput_bps) << "null is not 0";
  EXPECT_EQ(unclear.measured->numbers.count("goodput_bps"), 0U);
}

TEST_F(ReadRun, ACaseThatIsNotThereIsAFailure) {
  EXPECT_THROW(read().at("nothing"), offlab::Failure);
}

TEST_F(ReadRun, AFileThatIsDamagedOrOfAnotherSchemaIsAFailureThatNamesIt) {
  std::string text = inner_side::sample_run_json();
  write(text.substr(0, text.size() / 2));
  EXPECT_THAT(refusal(), AllOf(HasSubstr("run.json"), HasSubstr("damaged")));
  text.replace(text.find("offlab.run/1"), 12, "offlab.run/2");
  write(text);
  EXPECT_THAT(refusal(), AllOf(HasSubstr("offlab.run/2"), HasSubstr("offlab.run/1")));
  write("{\"schema\": \"offlab.run/1\", \"outcome\": \"perhaps\", \"cases\": []}");
  EXPECT_THAT(refusal(), HasSubstr("perhaps"));
  write("{\"schema\": \"offlab.run/1\"}");
  EXPECT_THAT(refusal(), HasSubstr("outcome"));
  std::filesystem::remove(temp_.path() / "run.json");
  EXPECT_THAT(refusal(), HasSubstr("run.json"));
}

CaseResult storm() {
  CaseResult result;
  result.id = "hypervisor-lro";
  result.outcome = result.forwarding = Outcome::fail;
  result.fault_class = "lro-orphan-storm";
  result.findings = {{"bogus-frag-needed",
                      Outcome::fail,
                      "the router refused 18 packets",
                      18,
                      0,
                      false,
                      "",
                      {{"router-wan", 22, 0.034954653, "IP 198.18.2.1 > 198.18.2.2: ICMP need to frag (mtu 1500)"}}},
                     {"state-held", Outcome::pass, "every setting read back equal", 0, 0, false, "", {}}};
  result.diagnosis = offlab::Diagnosis{
      "merged packets reach the router", "FragFails counts them", {{"KVM", "switch TSO off"}}, "none"};
  result.folder = "runs/1";
  return result;
}

TEST(Description, TellsViolationsFramesDiagnosisAndEvidence) {
  const std::string text = offlab::describe(storm());
  EXPECT_THAT(text, HasSubstr("fail hypervisor-lro [lro-orphan-storm]"));
  EXPECT_THAT(text, HasSubstr("fail: bogus-frag-needed: the router refused 18 packets\n"));
  EXPECT_THAT(text, HasSubstr("0.034955 s  router-wan #22  IP 198.18.2.1"));
  EXPECT_THAT(text, HasSubstr("what happens: merged packets reach the router"));
  EXPECT_THAT(text, HasSubstr("fix, KVM: switch TSO off"));
  EXPECT_THAT(text, HasSubstr("evidence: runs/1"));
  EXPECT_THAT(text, Not(HasSubstr("state-held"))) << "what passed is no news";
}

TEST(Description, NothingInItBeginsALineOrHidesAnother) {
  CaseResult result = storm();
  result.findings[0].text = "first\nPASS\x1b[2J";
  result.findings[0].frames[0].text = "frame\r\x1b[31m";
  const std::string text = offlab::describe(result);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\r'), std::string::npos);
  EXPECT_THAT(text, Not(HasSubstr("\nPASS")));
}

TEST(Matchers, TellTheOutcomeTheClassAndTheInvariants) {
  EXPECT_THAT(storm(), Not(offlab::ForwardsCleanly()));
  EXPECT_THAT(storm(), AllOf(offlab::HasClass("lro-orphan-storm"), offlab::Violates("bogus-frag-needed")));
  EXPECT_THAT(storm(), Not(offlab::HasClass("healthy")));
  EXPECT_THAT(storm(), Not(offlab::Violates("state-held")));
  CaseResult unclear = storm();
  unclear.forwarding = Outcome::inconclusive;
  EXPECT_THAT(unclear, Not(offlab::ForwardsCleanly())) << "missing evidence is not a pass";
  unclear.forwarding = Outcome::pass;
  EXPECT_THAT(unclear, offlab::ForwardsCleanly());
}

TEST(Matchers, AFailureShowsTheFramesAndTheDiagnosis) {
  EXPECT_NONFATAL_FAILURE(EXPECT_THAT(storm(), offlab::ForwardsCleanly()), "Expected: forwards cleanly");
  EXPECT_NONFATAL_FAILURE(EXPECT_THAT(storm(), offlab::ForwardsCleanly()), "router-wan #22  IP 198.18.2.1");
  EXPECT_NONFATAL_FAILURE(EXPECT_THAT(storm(), offlab::HasClass("healthy")), "merged packets reach the router");
}

TEST(SettingsName, HasNothingButLettersDigitsAndUnderscores) {
  const auto name = [](offlab::Settings settings) {
    return offlab::SettingsName()(testing::TestParamInfo<offlab::Settings>(std::move(settings), 0));
  };
  EXPECT_EQ(name({{"router.lro", "off"}, {"hypervisor.lro-families", "ipv4"}}),
            "router_lro_off__hypervisor_lro_families_ipv4");
  EXPECT_EQ(name({}), "default");
}

}  // namespace
