#include "survey/survey_topology.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "config/parse_scenario.h"
#include "model/offload.h"

namespace offlab {
namespace {

using testing::HasSubstr;

MachineSurvey router() {
  MachineSurvey survey{.forwards = true};
  for (const char* name : {"ens192", "ens224.x", "ens256"}) {
    SurveyedLink link{.name = name, .driver = "vmxnet3", .mtu = 1500, .up = true};
    link.features[std::string(feature_lro)] = {.on = true};
    survey.links.push_back(link);
  }
  survey.links[1].mtu = 1400;
  survey.links[2].driver = "mlx5_core";
  survey.upstream = {"ens192"};
  return survey;
}

TEST(SurveyTopology, IsAFileThatOfflabTakes) {
  const std::string text = topology_of(router(), "root@gw.example");
  const ParsedScenario parsed = parse_scenario({{"x.toml", text}});
  ASSERT_TRUE(parsed.scenario) << render(parsed.diagnostics, text) << text;
  const Topology& topology = parsed.scenario->topology;
  const Node& node = *find_node(topology, "router");
  ASSERT_EQ(node.interfaces.size(), 2U);
  EXPECT_EQ(node.interfaces[0].model, NicModel::vmxnet3);
  EXPECT_TRUE(node.interfaces[0].features.at(std::string(feature_lro)));
  EXPECT_EQ(effective_mtu(topology, node.interfaces[1]).bytes, 1400U);
  EXPECT_EQ(topology.flows.at(0).from, "server");
  EXPECT_NE(find_interface(*find_node(topology, "server"), "ens192"), nullptr);
  EXPECT_THAT(text, HasSubstr("# ens256 (mlx5_core) is not in this file"));
}

TEST(SurveyTopology, IsNotMadeOfAFreebsdMachine) {
  MachineSurvey survey = router();
  survey.kind = SystemKind::freebsd;
  EXPECT_THROW(topology_of(survey, "gw"), Error);
}

TEST(SurveyTopology, NeedsTwoNics) {
  MachineSurvey survey = router();
  survey.links.erase(survey.links.begin());
  EXPECT_THROW(topology_of(survey, "gw"), Error);
}

}  // namespace
}  // namespace offlab
