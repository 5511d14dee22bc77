// The main job: the listed faults are found, healthy routers pass, and the folder alone gives the same verdict.
#include <fstream>

#include <gtest/gtest.h>

#include "folders.h"
#include "lab/program.h"

namespace offlab::test {
namespace {

using std::chrono::seconds;

const std::string topologies = source_folder() + "/topologies/";

std::string class_of(const nlohmann::json& run, const std::string& id) {
  const auto one = find_case(run, id);
  return one.contains("class") && one["class"].is_string() ? one["class"].get<std::string>() : "none";
}

std::string outcome_of(const nlohmann::json& run, const std::string& id) {
  return find_case(run, id).value("outcome", "");
}

// The judgement, without what may differ between two judgements of the same run: nothing may.
nlohmann::json judgement(const nlohmann::json& run) {
  return {run["outcome"], run["cases"]};
}

TEST(Faults, AVmxnet3RouterFailsInThreeWaysAndItsFolderAloneSaysSoAgain) {
  const ScratchFolder scratch;
  Program program({"run", topologies + "vmxnet3-router.toml", "--out", scratch / "run", "--duration", "2"});
  ASSERT_EQ(program.wait(seconds(240)), 1) << program.output();
  const auto run = read_json(scratch / "run/run.json");
  EXPECT_EQ(run["schema"], "offlab.run/1");
  EXPECT_EQ(class_of(run, "control-lro-off"), "healthy");
  EXPECT_EQ(class_of(run, "control-lro-on"), "healthy");
  EXPECT_EQ(class_of(run, "hypervisor-lro"), "lro-orphan-storm");
  EXPECT_EQ(class_of(run, "smaller-client-mtu"), "wrong-gso-size");
  EXPECT_EQ(class_of(run, "larger-upstream-mtu"), "lro-orphan-storm");
  EXPECT_EQ(outcome_of(run, "control-lro-on"), "pass");
  EXPECT_EQ(outcome_of(run, "hypervisor-lro"), "fail");
  const auto measured = find_case(run, "hypervisor-lro")["measurements"];
  EXPECT_GT(measured["frag_needed_router"], 0);
  EXPECT_EQ(measured["frag_needed_router"], measured["frag_needed_wire"]);
  EXPECT_EQ(measured["frag_needed_router"], measured["frag_needed_sender"]);
  EXPECT_EQ(measured["frag_needed_router"], measured["frag_fails"]);
  for (const char* fact : {"accel", "cpus", "kernel", "qemu", "libvirt"})
    EXPECT_TRUE(run["host"].contains(fact)) << fact;
  EXPECT_FALSE(run["image"]["packages"].empty());
  for (const char* node : {"client", "router", "server"})
    EXPECT_TRUE(std::filesystem::exists(scratch / (std::string("run/labs/lab-1/") + node + ".serial.log"))) << node;

  std::filesystem::remove(scratch / "run/run.json");
  std::filesystem::remove_all(scratch / "run/labs");
  Program judge({"judge", scratch / "run"});
  ASSERT_EQ(judge.wait(seconds(60)), 1) << judge.output();
  EXPECT_EQ(judgement(read_json(scratch / "run/run.json")), judgement(run));
}

TEST(Faults, VerifyPassesWhileTheKnownFaultsAreCaught) {
  const ScratchFolder scratch;
  Program program({"verify", topologies + "vmxnet3-router.toml", "--out", scratch / "run", "--duration", "1"});
  EXPECT_EQ(program.wait(seconds(240)), 0) << program.output();
}

TEST(Faults, VerifyFailsWhenAKnownFaultIsGone) {
  const ScratchFolder scratch;
  // The demonstration's file, with the fault cured and still expected.
  std::string text = read_text(topologies + "demo.toml");
  const std::string fault = "\"passthrough\"";
  ASSERT_NE(text.find(fault), std::string::npos);
  text.replace(text.find(fault), fault.size(), "\"off\"");
  std::ofstream(scratch / "cured.toml") << text;
  Program program({"verify", scratch / "cured.toml", "--case", "broken", "--out", scratch / "run", "--duration", "1"});
  EXPECT_EQ(program.wait(seconds(120)), 1) << program.output();
  EXPECT_NE(program.output().find("expected lro-orphan-storm, found healthy"), std::string::npos) << program.output();
}

TEST(Faults, AVirtioRouterSurvivesWhatBreaksVmxnet3) {
  const ScratchFolder scratch;
  Program program({"run", topologies + "virtio-router.toml", "--out", scratch / "run", "--duration", "2"});
  EXPECT_EQ(program.wait(seconds(240)), 0) << program.output();
}

TEST(Faults, AnOffloadThatTheDriverHasFixedIsASkipWithTheReason) {
  const ScratchFolder scratch;
  Program program({"run", topologies + "virtio-router.toml", "--case", "control-untouched*", "--axis", "router.lro=on",
                   "--out", scratch / "run", "--duration", "1"});
  EXPECT_EQ(program.wait(seconds(120)), 4) << program.output();  // every case skipped: nothing was judged
  const auto one = find_case(read_json(scratch / "run/run.json"), "control-untouched,router.lro=on");
  EXPECT_EQ(one["outcome"], "skip");
  EXPECT_NE(one["reason"].get<std::string>().find("fixed"), std::string::npos) << one["reason"];
}

TEST(Faults, ASettingThatIsHealedInMidRunMakesTheCaseInconclusive) {
  const ScratchFolder scratch;
  Program program({"run", tests_folder() + "/lab/healed.toml", "--out", scratch / "run", "--duration", "2"});
  EXPECT_EQ(program.wait(seconds(120)), 4) << program.output();
  const auto one = find_case(read_json(scratch / "run/run.json"), "healed");
  EXPECT_EQ(one["outcome"], "inconclusive");
  EXPECT_NE(one["reason"].get<std::string>().find("state-held"), std::string::npos) << one["reason"];
}

TEST(Faults, TheDemonstrationShowsTheFaultAndTheFix) {
  const ScratchFolder scratch;
  Program program({"demo", "--out", scratch / "run"});
  EXPECT_EQ(program.wait(seconds(180)), 0) << program.output();
  for (const char* words : {"BROKEN", "FIXED", "lro-orphan-storm", "need to frag (mtu 1500), length 556",
                            "packets of 1500 B]", "Net.Vmxnet3HwLRO"})
    EXPECT_NE(program.output().find(words), std::string::npos) << words;
}

}  // namespace
}  // namespace offlab::test
