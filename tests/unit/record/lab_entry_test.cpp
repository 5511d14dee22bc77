// What is known about a lab that stays, as JSON: entry, state, requests.
#include "record/lab_entry.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/json.h"
#include "record/control_request.h"
#include "record/live_state_json.h"
#include "unit/recorded_run.h"

namespace offlab {
namespace {

using nlohmann::json;

LabEntry sample_entry() {
  LabEntry entry;
  entry.name = "demo-2";
  entry.state = LabState::up;
  entry.file = "/home/a/demo.toml";
  entry.case_id = "broken";
  entry.axes = {"router.model=vmxnet3"};
  entry.set = {{"router.lro", "on"}};
  entry.case_settings = true;
  entry.supervisor = {100, 7};
  entry.init = {101, 8};
  entry.started = 1767225600;
  entry.accelerator = "tcg";
  NodePlan node;
  node.name = "router";
  node.nics = {{.network = "wan",
                .device = "ens192",
                .tap = "router-wan",
                .mac = "52:54:01:00:01:00",
                .model = NicModel::vmxnet3,
                .bridge = "wan"}};
  entry.plan.name = "demo-2";
  entry.plan.nodes = {node};
  return entry;
}

TEST(LabEntryJson, ReadsBackWhatItWrote) {
  const std::string text = lab_entry_to_json(sample_entry());
  const LabEntry entry = lab_entry_from_json(text);
  EXPECT_TRUE(entry == sample_entry());
  EXPECT_EQ(entry.state, LabState::up);
  EXPECT_EQ(entry.supervisor, (ProcessId{100, 7}));
  EXPECT_EQ(entry.set, sample_entry().set);
  EXPECT_EQ(entry.plan.nodes.front().nics.front().tap, "router-wan");
}

TEST(LabEntryJson, ALabOfAnEarlierVersionHasItsNetworksNamesInItsGuests) {
  json document = json::parse(lab_entry_to_json(sample_entry()));
  document["schema"] = "offlab.lab/1";
  document["lab"]["nodes"][0]["nics"][0].erase("device");
  EXPECT_EQ(lab_entry_from_json(document.dump()).plan.nodes.front().nics.front().device, "wan");
}

TEST(LabEntryJson, WhatIsNoEntryIsRefused) {
  for (const char* text :
       {"", "{}", "[1", R"({"schema":"offlab.lab/2"})", R"({"schema":"offlab.lab/1"})", R"({"schema":"offlab.lab/3"})"})
    EXPECT_THROW(lab_entry_from_json(text), Error) << text;
}

TEST(LiveStateJson, ReadsBackWhatItWrote) {
  LiveState state;
  state.nics[{"router", "wan"}] = {1400, {{"large-receive-offload", true}}};
  state.taps["router-wan"] = {true, true, false, HypervisorLro::passthrough};
  state.df["server"] = false;
  EXPECT_EQ(live_state_from_json(live_state_to_json(state)), state);
  EXPECT_THROW(live_state_from_json("{}"), Error);
}

TEST(ControlRequest, ReadsBackWhatItWrote) {
  const std::vector<Step> steps = {
      step::ApplySettings{{{"router", {}, {{"wan", {{"large-receive-offload", std::nullopt}}}}}}},
      step::ForceTap{"router-wan", HypervisorLro::passthrough, LroFamilies::both}};
  const std::string set = control::request_to_line(control::Set{steps});
  EXPECT_EQ(set.find('\n'), std::string::npos);
  EXPECT_TRUE(control::request_from_line(set) == control::Request(control::Set{steps}));
  const std::string cases = control::request_to_line(
      control::Cases{steps, sample_entry().plan, {step::RunCommands{"server", "back", {"true"}}}});
  EXPECT_EQ(control::request_to_line(control::request_from_line(cases)), cases);
  EXPECT_EQ(std::get<control::Cases>(control::request_from_line(cases)).after.size(), 1U);
}

TEST(ControlRequest, WhatIsNoRequestIsRefused) {
  for (const char* text : {"", "{}", R"({"schema":"offlab.control/3","request":"set","steps":[]})",
                           R"({"schema":"offlab.control/1","request":"fly","steps":[]})",
                           R"({"schema":"offlab.control/1","request":"cases","steps":[]})"})
    EXPECT_THROW(control::request_from_line(text), Error) << text;
}

}  // namespace
}  // namespace offlab
