// Plans as JSON: what a worker gets is what was planned.
#include "record/plan_json.h"

#include <filesystem>
#include <functional>

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/json.h"
#include "plan/make_plan.h"
#include "record/digests.h"
#include "record/worker_request.h"
#include "session/scenario_file.h"
#include "unit/plan/shipped_scenarios.h"
#include "unit/recorded_run.h"

namespace offlab {
namespace {

using nlohmann::json;

std::vector<std::string> described(const std::vector<Step>& steps) {
  std::vector<std::string> lines;
  for (const Step& step : steps) lines.push_back(describe(step));
  return lines;
}

TEST(PlanJson, IsTheSameAfterARoundTrip) {
  for (const char* name : {"demo", "vmxnet3-router", "virtio-router"}) {
    const json document = plan_to_json(plan_of_shipped(name));
    EXPECT_EQ(plan_to_json(plan_from_json(document)), document) << name;
    EXPECT_EQ(plan_to_json(plan_from_json(json::parse(document.dump()))), document) << name;
  }
}

// Every file that is shipped, what it extends included.
TEST(PlanJson, OfEachShippedFileIsReadBackEqual) {
  const std::vector<std::filesystem::path> files = shipped_files();
  EXPECT_GT(files.size(), 20U);
  for (const std::filesystem::path& file : files) {
    ScenarioOptions options;
    options.file = file;
    const LoadedScenario loaded = load_scenario(options);
    const RunPlan plan = with_digests(make_plan(loaded.scenario, loaded.cases, Question::as_expected));
    EXPECT_TRUE(plan_from_json(plan_to_json(plan)) == plan) << file;
    for (const LabPlan& lab : plan.labs) {
      const WorkerRequest request{lab, Accelerator::tcg, {{"debian-12", {"k", "i", "d"}}}, true, 2};
      EXPECT_TRUE(worker_request_from_json(worker_request_to_json(request)) == request) << file;
    }
  }
}

TEST(PlanJson, LosesNothingOnTheWay) {
  const RunPlan plan = plan_of_shipped("vmxnet3-router");
  const RunPlan read = plan_from_json(plan_to_json(plan));
  EXPECT_EQ(read.name, plan.name);
  EXPECT_EQ(read.summary, plan.summary);
  EXPECT_EQ(read.question, Question::as_expected);
  EXPECT_EQ(read.measure, plan.measure);
  ASSERT_EQ(read.labs.size(), 1U);
  const LabPlan& lab = read.labs[0];
  EXPECT_EQ(lab.name, "lab-1");
  EXPECT_EQ(lab.bridges.at(0).mtu, Mtu{9000});
  EXPECT_EQ(lab.nodes.at(0).management_mac, plan.labs[0].nodes[0].management_mac);
  EXPECT_EQ(lab.nodes.at(0).device_under_test, true);
  EXPECT_EQ(lab.nodes.at(0).addresses, plan.labs[0].nodes[0].addresses);
  EXPECT_EQ(lab.nodes.at(0).nics.at(0).model, NicModel::vmxnet3);
  EXPECT_EQ(described(lab.configuration), described(plan.labs[0].configuration));
  ASSERT_EQ(lab.cases.size(), 5U);
  for (std::size_t i = 0; i < lab.cases.size(); ++i) {
    const CasePlan& one = plan.labs[0].cases[i];
    EXPECT_EQ(lab.cases[i].id, one.id);
    EXPECT_EQ(lab.cases[i].folder, one.folder);
    EXPECT_EQ(lab.cases[i].axes, one.axes);
    EXPECT_EQ(lab.cases[i].expect, one.expect);
    for (std::size_t l = 0; l < 2; ++l) {
      EXPECT_EQ(lab.cases[i].legs.at(l).role, one.legs[l].role);
      EXPECT_EQ(lab.cases[i].legs[l].intent, one.legs[l].intent);
      EXPECT_EQ(described(lab.cases[i].legs[l].steps), described(one.legs[l].steps));
    }
  }
}

TEST(PlanJson, KeepsAFeatureThatIsPutBack) {
  const RunPlan read = plan_from_json(plan_to_json(plan_of_shipped("virtio-router")));
  bool found = false;
  for (const Step& step : read.labs[0].cases[0].legs[0].steps)
    if (const auto* apply = std::get_if<step::ApplySettings>(&step))
      for (const step::NodeSettings& node : apply->nodes)
        if (node.node == "server") found = node.features.at("wan").at("tcp-segmentation-offload") == std::nullopt;
  EXPECT_TRUE(found);
}

TEST(PlanJson, KeepsTheQuestion) {
  EXPECT_EQ(plan_from_json(plan_to_json(plan_of_shipped("demo", Question::healthy))).question, Question::healthy);
}

TEST(PlanJson, ReadsTheRecordedRunsPlan) {
  EXPECT_EQ(recorded_plan().name, "vmxnet3-router");
  EXPECT_EQ(recorded_plan().measure.capture_limit, ByteCount{1'000'000});
  EXPECT_EQ(recorded_case("hypervisor-lro").legs.at(1).intent.taps.at("router-wan"), HypervisorLro::passthrough);
}

TEST(PlanJson, APlanOfAnEarlierVersionAsksForNothingNew) {
  const MeasureOptions& measure = recorded_plan().measure;
  EXPECT_FALSE(measure.early_stop);
  EXPECT_EQ(measure.rounds, 1U);
  EXPECT_EQ(measure.integrity_bytes, ByteCount{0});
  for (const LegPlan& leg : recorded_case("hypervisor-lro").legs) {
    EXPECT_EQ(leg.round, 1U);
    EXPECT_FALSE(leg.intent.early_stop);
    EXPECT_EQ(leg.intent.integrity_bytes, 0U);
  }
}

TEST(PlanJson, APlanOfAnEarlierVersionNamesItsPointsAndDevices) {
  const LegPlan& leg = recorded_case("hypervisor-lro").legs.at(1);
  const CapturePoint wan = {"router-wan", "router", CaptureSide::host};
  const CapturePoint lan = {"router-lan", "router", CaptureSide::host};
  EXPECT_EQ(leg.intent.hops.at(0).ingress, wan);
  EXPECT_EQ(leg.intent.hops.at(0).egress, lan);
  EXPECT_EQ(leg.intent.hops.at(0).wire, std::nullopt);
  for (const Step& step : leg.steps)
    if (const auto* start = std::get_if<step::StartCapture>(&step)) {
      ASSERT_EQ(start->targets.size(), 2U);
      EXPECT_EQ(start->targets[0].point, wan);
      EXPECT_EQ(start->targets[0].interface, "router-wan");
      EXPECT_EQ(start->targets[1].point, lan);
    }
  EXPECT_EQ(find_nic(leg.intent, {"router", "wan"})->device, "wan");
  EXPECT_EQ(recorded_plan().labs.at(0).nodes.at(0).nics.at(0).device, "lan");
}

TEST(PlanJson, RefusesADamagedPlan) {
  const std::vector<std::pair<const char*, std::function<void(json&)>>> damages = {
      {"another schema", [](json& j) { j["schema"] = "offlab.plan/1"; }},
      {"no schema", [](json& j) { j.erase("schema"); }},
      {"no labs", [](json& j) { j.erase("labs"); }},
      {"labs of the wrong type", [](json& j) { j["labs"] = 7; }},
      {"an unknown step", [](json& j) { j["labs"][0]["configuration"][0]["step"] = "explode"; }},
      {"a step without its field", [](json& j) { j["labs"][0]["configuration"][0].erase("node"); }},
      {"an unknown role", [](json& j) { j["labs"][0]["cases"][0]["legs"][0]["role"] = "spectator"; }},
      {"an unknown class", [](json& j) { j["labs"][0]["cases"][0]["expect"] = "bad luck"; }},
      {"an unknown NIC", [](json& j) { j["labs"][0]["nodes"][0]["nics"][0]["model"] = "ne2000"; }},
      {"no address", [](json& j) { j["labs"][0]["cases"][0]["legs"][0]["intent"]["source"] = "nowhere"; }},
      {"an unknown setting",
       [](json& j) { j["labs"][0]["cases"][0]["legs"][1]["intent"]["taps"]["router-wan"] = "on"; }},
  };
  for (const auto& [what, damage] : damages) {
    json document = plan_to_json(plan_of_shipped("demo"));
    damage(document);
    EXPECT_THROW(plan_from_json(document), Error) << what;
  }
  EXPECT_THROW(plan_from_json(json::array()), Error);
  EXPECT_THROW(plan_from_json(json(nullptr)), Error);
}

TEST(PlanJson, RefusesAnUnknownQuestion) {
  json document = plan_to_json(plan_of_shipped("demo"));
  document["question"] = "is it tuesday";
  EXPECT_THROW(plan_from_json(document), Error);
}

TEST(WorkerRequest, IsReadBackAsWritten) {
  WorkerRequest request{
      plan_of_shipped("demo").labs[0], Accelerator::kvm, {{"debian-12", {"images/k", "images/i", "digest"}}}};
  const std::string text = worker_request_to_json(request);
  const WorkerRequest read = worker_request_from_json(text);
  EXPECT_EQ(worker_request_to_json(read), text);
  EXPECT_EQ(read.accelerator, Accelerator::kvm);
  EXPECT_EQ(read.images.at("debian-12").initrd, "images/i");
  request.accelerator = Accelerator::tcg;
  EXPECT_EQ(worker_request_from_json(worker_request_to_json(request)).accelerator, Accelerator::tcg);
}

TEST(WorkerRequest, RefusesWhatIsNone) {
  for (const char* text : {"", "{}", "[]", R"({"schema":"offlab.worker/2"})", R"({"schema":"offlab.worker/1"})"})
    EXPECT_THROW(worker_request_from_json(text), Error) << text;
}

}  // namespace
}  // namespace offlab
