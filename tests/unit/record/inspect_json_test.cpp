#include "record/inspect_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/parse_json.h"

namespace offlab {
namespace {

using testing::HasSubstr;

TEST(InspectJson, NamesTheSystemAndWhatToKnowOfTheAnswer) {
  const MachineSurvey survey{.kind = SystemKind::freebsd, .links = {{.name = "vmx0", .driver = "vmx"}}};
  const auto document = try_parse_json(inspect_json("gw", survey, {"vmx0"}, {}));
  ASSERT_TRUE(document);
  EXPECT_EQ(document->at("schema"), "offlab.inspect/1");
  EXPECT_EQ(document->at("os"), "freebsd");
  ASSERT_EQ(document->at("reservations").size(), 1U);
  EXPECT_THAT(document->at("reservations").at(0).get<std::string>(), HasSubstr("not tried on a real FreeBSD"));
  EXPECT_EQ(document->at("links").at(0).at("forwards"), true);
}

TEST(InspectJson, HasNoReservationsOnLinux) {
  const auto document = try_parse_json(inspect_json("gw", {}, {}, {}));
  ASSERT_TRUE(document);
  EXPECT_EQ(document->at("os"), "linux");
  EXPECT_TRUE(document->at("reservations").empty());
}

}  // namespace
}  // namespace offlab
