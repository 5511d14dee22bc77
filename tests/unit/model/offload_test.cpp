// Names of offloads.
#include "model/offload.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace offlab {
namespace {

TEST(CanonicalFeature, TakesEthtoolsShortAndLongWords) {
  EXPECT_EQ(canonical_feature("lro"), "large-receive-offload");
  EXPECT_EQ(canonical_feature("large-receive-offload"), "large-receive-offload");
  EXPECT_EQ(canonical_feature("tso"), "tcp-segmentation-offload");
  EXPECT_EQ(canonical_feature("rx-gro-hw"), "rx-gro-hw");
  EXPECT_EQ(canonical_feature("LRO"), std::nullopt);
  EXPECT_EQ(canonical_feature(""), std::nullopt);
}

TEST(ShortFeature, IsTheWordForEthtool) {
  EXPECT_EQ(short_feature("large-receive-offload"), "lro");
  EXPECT_EQ(short_feature("rx-gro-hw"), "rx-gro-hw");
}

TEST(FeatureNames, AreAllAcceptedAndDifferent) {
  auto names = feature_names();
  for (const std::string& name : names) EXPECT_TRUE(canonical_feature(name)) << name;
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

TEST(HypervisorLro, IsReadBackAsPrinted) {
  for (const auto lro : {HypervisorLro::off, HypervisorLro::passthrough, HypervisorLro::merge})
    EXPECT_EQ(parse_hypervisor_lro(to_string(lro)), lro);
  EXPECT_EQ(parse_hypervisor_lro("on"), std::nullopt);
}

}  // namespace
}  // namespace offlab
