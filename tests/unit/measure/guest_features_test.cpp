// Offloads of a guest's interface.
#include "measure/guest_features.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "measure/sections.h"
#include "unit/recorded_run.h"

namespace offlab {
namespace {

std::string printed(const char* id = "control-lro-on") {
  return parse_sections(recorded_leg(id).seen.before.nodes.at("router")).at("ethtool -k wan");
}

TEST(GuestFeatures, ReadWhatEthtoolPrints) {
  const GuestFeatures features = parse_guest_features(printed());
  EXPECT_EQ(features.at("large-receive-offload"), (GuestFeature{true, false}));
  EXPECT_EQ(features.at("tx-checksum-ipv4"), (GuestFeature{false, true}));
  EXPECT_EQ(features.at("tcp-segmentation-offload"), (GuestFeature{true, false}));  // a group: "fixed" is null
  EXPECT_EQ(features.count("ifname"), 0U);
  EXPECT_GT(features.size(), 50U);
}

TEST(GuestFeatures, TellLroOnFromOff) {
  EXPECT_FALSE(parse_guest_features(printed("hypervisor-lro")).at("large-receive-offload").active);
}

TEST(GuestFeatures, AreNothingElse) {
  for (const char* text : {"", "netlink error: No such device\n", "[]", "{}", "[7]", "null", "[ {"})
    EXPECT_THROW(parse_guest_features(text), Error) << text;
}

TEST(GuestFeatures, AreNotReadFromATextThatWasCut) {
  const std::string whole = printed();
  for (std::size_t size = 0; size + 4 < whole.size(); size += 101)
    EXPECT_THROW(parse_guest_features(whole.substr(0, size)), Error) << size;
}

TEST(GuestFeatures, NameTheFeatureWithoutAState) {
  for (const char* piece : {"\"active\": true", "\"fixed\": false"}) {
    try {
      parse_guest_features(replaced(printed(), piece, "\"other\": 0"));
      FAIL() << "no state is no Error";
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("printed no state for feature '"), std::string::npos) << error.what();
    }
  }
  EXPECT_THROW(parse_guest_features(replaced(printed(), "\"active\": true", "\"active\": \"on\"")), Error);
}

}  // namespace
}  // namespace offlab
