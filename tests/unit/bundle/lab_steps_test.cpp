// lab/steps.sh: the lab and the legs as shell, for plain QEMU.
#include "bundle/lab_steps.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "process/subprocess.h"
#include "unit/golden.h"
#include "unit/recorded_run.h"
#include "unit/refusal.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

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

TEST(LabSteps, WhatPlainQemuCannotRunIsSaid) {
  EXPECT_EQ(trouble_with_steps(lab(), recorded_case("hypervisor-lro")), "");
  LabPlan existing = lab();
  existing.nodes[0].existing.emplace();
  EXPECT_THAT(trouble_with_steps(existing, recorded_case("hypervisor-lro")), HasSubstr("exists already"));
  LabPlan disk = lab();
  disk.nodes[0].disk.emplace();
  EXPECT_THAT(trouble_with_steps(disk, recorded_case("hypervisor-lro")), HasSubstr("boots a disk"));
}

TEST(LabSteps, ARoundThatWasNotPlannedIsRefused) {
  EXPECT_THAT(refusal([] { lab_steps(lab(), recorded_case("hypervisor-lro"), 99); }), HasSubstr("of round 99"));
}

}  // namespace
}  // namespace offlab
