// lab/steps.sh: the lab and the legs as shell, for plain QEMU.
#include "bundle/lab_steps.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/expand_matrix.h"
#include "plan/make_plan.h"
#include "process/subprocess.h"
#include "unit/golden.h"
#include "unit/plan/shipped_scenarios.h"
#include "unit/recorded_run.h"
#include "unit/refusal.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const LabPlan& lab() {
  return recorded_plan().labs.front();
}

TEST(LabSteps, ArePinned) {
  expect_golden("lab-steps.sh", lab_steps(lab(), recorded_case("hypervisor-lro")));
}

TEST(LabSteps, AreSoundShell) {
  const TempFolder folder;
  for (const CasePlan& one : lab().cases) {
    std::ofstream(folder.path() / "steps.sh") << lab_steps(lab(), one);
    const ProgramResult checked =
        run_program({"bash", "-n", (folder.path() / "steps.sh").string()}, Deadline("bash", std::chrono::seconds(10)));
    EXPECT_EQ(checked.exit_status, 0) << one.id << ": " << checked.errors;
  }
}

TEST(LabSteps, TheTapIsForcedInTheCaseAndNotInItsControl) {
  const std::string text = lab_steps(lab(), recorded_case("hypervisor-lro"));
  const auto leg = [&](const std::string& name) {
    const auto from = text.find("leg_" + name + "() {");
    return text.substr(from, text.find("\n}\n", from) - from);
  };
  EXPECT_THAT(leg("case"), HasSubstr("force_tap router-wan 0x7"));
  EXPECT_THAT(leg("control"), Not(HasSubstr("force_tap")));
  EXPECT_THAT(leg("control"), HasSubstr("iperf3 --client"));
}

TEST(LabSteps, QemuGetsTheNicsOfThePlan) {
  const std::string text = lab_steps(lab(), recorded_case("hypervisor-lro"));
  for (const NodePlan& node : lab().nodes)
    for (const NicPlan& nic : node.nics) {
      EXPECT_THAT(text, HasSubstr("-netdev tap,id=" + nic.tap));
      EXPECT_THAT(text, HasSubstr("mac=" + nic.mac));
    }
  EXPECT_THAT(text, HasSubstr("-device vmxnet3,netdev=router-wan"));
  EXPECT_THAT(text, HasSubstr("-device virtio-net-pci,netdev=client-lan"));
}

RunPlan plan_beside(BackgroundSender sender) {
  Scenario scenario = shipped_scenario("many-clients");
  scenario.topology.flows.front().background.sender = sender;
  std::erase_if(scenario.named_cases, [](const NamedCase& one) { return one.name != "starved"; });
  return make_plan(scenario, expand_matrix(scenario, {}).cases, Question::as_expected);
}

TEST(LabSteps, ABackgroundLoadRunsBesideEachTransfer) {
  const RunPlan plan = plan_beside(BackgroundSender::udp);
  const CasePlan& one = plan.labs.at(0).cases.at(0);
  const std::string text = lab_steps(plan.labs.at(0), one);
  for (const std::string leg : {"control", "case"}) {
    std::size_t at = text.find("leg_" + leg + "() {");
    for (const char* words :
         {"start_load listener 'server' ", " listens:5203 'exec iperf3 --server", "start_load initiator 'clients' ",
          " connects:5203 'exec iperf3 --client", "iperf3.json", "\n  end_load\n", "\n}\n"}) {
      ASSERT_NE(at = text.find(words, at), std::string::npos) << leg << ": " << words;
    }
  }
  EXPECT_FALSE(needs_background_program(one));
}

// busybox's timeout would run its own ip, which knows no network namespaces.
TEST(LabSteps, AnEndInANamespaceIsEnteredFirst) {
  LabPlan plan = lab();
  for (NodePlan& node : plan.nodes) node.netns = "container";
  EXPECT_THAT(lab_steps(plan, recorded_case("hypervisor-lro")),
              HasSubstr("\nip netns exec container sh -c 'timeout 31 iperf3 --client"));
}

TEST(LabSteps, TheLoadOfABsdStackNeedsAProgram) {
  const RunPlan plan = plan_beside(BackgroundSender::bsd);
  const CasePlan& one = plan.labs.at(0).cases.at(0);
  EXPECT_TRUE(needs_background_program(one));
  EXPECT_THAT(lab_steps(plan.labs.at(0), one),
              AllOf(HasSubstr("'exec offlab-background send "), HasSubstr("'exec offlab-background receive ")));
}

TEST(LabSteps, WhatPlainQemuCannotRunIsSaid) {
  EXPECT_EQ(trouble_with_steps(lab()), "");
  LabPlan existing = lab();
  existing.nodes[0].existing.emplace();
  EXPECT_THAT(trouble_with_steps(existing), HasSubstr("exists already"));
  LabPlan disk = lab();
  disk.nodes[0].disk.emplace();
  EXPECT_THAT(trouble_with_steps(disk), HasSubstr("boots a disk"));
}

TEST(LabSteps, ARoundThatWasNotPlannedIsRefused) {
  EXPECT_THAT(refusal([] { lab_steps(lab(), recorded_case("hypervisor-lro"), 99); }), HasSubstr("of round 99"));
}

}  // namespace
}  // namespace offlab
