// The hazards' routers before their traffic, whose risk is known: what they printed is in tests/data/inspected.
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "folders.h"
#include "survey/risks.h"
#include "survey/survey_reader.h"

namespace offlab {
namespace {

using testing::ElementsAreArray;

struct InspectedRouter {
  const char* file;
  Risk risk;                           // of the machine
  std::vector<std::string> rows = {};  // that have it, but for H08, which every vmxnet3 and e1000e under QEMU has
};

class InspectedRouters : public testing::TestWithParam<InspectedRouter> {};

TEST_P(InspectedRouters, AreJudgedAsTheirTrafficShows) {
  std::ifstream file(source_folder() + "/tests/data/inspected/" + GetParam().file + ".txt");
  ASSERT_TRUE(file);
  std::stringstream text;
  text << file.rdbuf();
  const MachineSurvey survey = read_survey({{GetParam().file, text.str()}});
  EXPECT_EQ(survey.forwards, true);
  EXPECT_EQ(survey.links.size(), 4U);
  const auto rows = risks_of(survey);
  EXPECT_EQ(worst(rows), GetParam().risk);
  std::vector<std::string> worst_rows;
  for (const RiskRow& row : rows)
    if (row.risk == GetParam().risk && row.risk != Risk::safe && row.hazards != "H08")
      worst_rows.push_back(row.hazards);
  EXPECT_THAT(worst_rows, ElementsAreArray(GetParam().rows));
}

const std::string orphans = "H01, H13, H14";

INSTANTIATE_TEST_SUITE_P(
    Hazards, InspectedRouters,
    testing::Values(
        InspectedRouter{"h01", Risk::depends_on_hypervisor, {orphans}}, InspectedRouter{"h02", Risk::at_risk, {"H02"}},
        InspectedRouter{"h03", Risk::at_risk, {"H02", "H03"}},
        InspectedRouter{"h04", Risk::depends_on_hypervisor},  // a tap, as any; and H04 cannot tell
        InspectedRouter{"h05", Risk::depends_on_hypervisor, {"H05"}},
        InspectedRouter{"h06", Risk::depends_on_hypervisor, {"H06"}}, InspectedRouter{"h06-mergeable-off", Risk::safe},
        InspectedRouter{"h12-virtio", Risk::safe},
        InspectedRouter{"h12-vmxnet3", Risk::depends_on_hypervisor, {orphans}},
        InspectedRouter{"h13", Risk::depends_on_hypervisor, {orphans}}, InspectedRouter{"h18", Risk::at_risk, {"H02"}},
        InspectedRouter{"h36-vmxnet3-lro-on", Risk::depends_on_hypervisor}, InspectedRouter{"h36-virtio", Risk::safe},
        InspectedRouter{"h36-e1000e", Risk::depends_on_hypervisor, {"H05"}}),
    [](const auto& each) {
      std::string name = each.param.file;
      std::erase(name, '-');
      return name;
    });

}  // namespace
}  // namespace offlab
