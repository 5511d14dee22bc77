#include "config/parse_campaign.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace offlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* whole = R"(
name = "lab"
deadline = "6h"
history = "history.sqlite"
quarantine = "quarantine.toml"
[[part]]
file = "a/routers.toml"
[[part]]
name = "matrix"
file = "a/matrix.toml"
question = "run"
cases = ["x*"]
axes = ["router.lro=on,off"]
exclude = ["router.lro=on,hypervisor.lro=merge"]
pairwise = true
t_way = "2"
duration = "3s"
retries = 2
)";

std::vector<std::string> messages(const Diagnostics& diagnostics) {
  std::vector<std::string> all;
  for (const Diagnostic& one : diagnostics) all.push_back(one.message);
  return all;
}

TEST(ParseCampaign, EveryKey) {
  const auto parsed = parse_campaign(whole, "c.toml");
  ASSERT_TRUE(parsed.campaign) << testing::PrintToString(messages(parsed.diagnostics));
  const Campaign& campaign = *parsed.campaign;
  EXPECT_EQ(campaign.name, "lab");
  EXPECT_EQ(campaign.deadline_seconds, 6 * 3600);
  EXPECT_EQ(campaign.history, "history.sqlite");
  EXPECT_EQ(campaign.quarantine, "quarantine.toml");
  ASSERT_THAT(campaign.parts, SizeIs(2));
  EXPECT_EQ(campaign.parts[0], (CampaignPart{.name = "routers", .file = "a/routers.toml"}));
  EXPECT_EQ(campaign.parts[1], (CampaignPart{.name = "matrix",
                                             .file = "a/matrix.toml",
                                             .as_expected = false,
                                             .cases = {"x*"},
                                             .axes = {"router.lro=on,off"},
                                             .exclude = {"router.lro=on,hypervisor.lro=merge"},
                                             .pairwise = true,
                                             .t_way = "2",
                                             .duration = "3s",
                                             .retries = 2}));
}

TEST(ParseCampaign, EveryMistakeAtOnce) {
  const auto parsed = parse_campaign(R"(
name = "lab"
deadline = "soon"
colour = "red"
[[part]]
file = "a.toml"
question = "maybe"
[[part]]
file = "b/a.toml"
[[part]]
retries = 99
)",
                                     "c.toml");
  EXPECT_FALSE(parsed.campaign);
  EXPECT_THAT(messages(parsed.diagnostics),
              ElementsAre(HasSubstr("'soon' is not a duration"), HasSubstr("colour"), HasSubstr("maybe"),
                          HasSubstr("there is already a part 'a'"), HasSubstr("file"), HasSubstr("retries")));
}

TEST(ParseCampaign, ATextThatIsNone) {
  EXPECT_FALSE(parse_campaign("", "c.toml").campaign);
  EXPECT_FALSE(parse_campaign("[[network]]\nmtu = 1500\n", "c.toml").campaign);
  EXPECT_FALSE(parse_campaign("name = ", "c.toml").campaign);
}

TEST(ParseQuarantine, EntriesAndNone) {
  EXPECT_THAT(*parse_quarantine("", "q.toml").entries, SizeIs(0));
  const auto parsed = parse_quarantine(R"(
[[quarantine]]
part = "matrix"
case = "router.lro=on"
class = "lro-orphan-storm"
reason = "not understood"
owner = "alice"
link = "ticket 7"
expires = "2026-12-24"
)",
                                       "q.toml");
  ASSERT_TRUE(parsed.entries) << testing::PrintToString(messages(parsed.diagnostics));
  EXPECT_EQ(parsed.entries->at(0), (QuarantineEntry{"matrix", "router.lro=on", FaultClass::lro_orphan_storm,
                                                    "not understood", "alice", "ticket 7", "2026-12-24"}));
}

TEST(ParseQuarantine, EveryKeyIsNeeded) {
  const auto parsed = parse_quarantine(R"(
[[quarantine]]
part = "matrix"
case = "one"
class = "sunshine"
expires = "2026-02-30"
)",
                                       "q.toml");
  EXPECT_FALSE(parsed.entries);
  EXPECT_THAT(messages(parsed.diagnostics), SizeIs(5));
  EXPECT_THAT(messages(parsed.diagnostics), testing::Contains(HasSubstr("'sunshine' is no class")));
  EXPECT_THAT(messages(parsed.diagnostics), testing::Contains(HasSubstr("'2026-02-30' is no day")));
}

}  // namespace
}  // namespace offlab
