#include "session/prepared_host.h"

#include <gtest/gtest.h>

namespace offlab {
namespace {

const GuestImage image{"", "d1", "6.1.0", {{"iperf3", "3.12"}}, {}, {}};

ImageRecipe recipe_named(const std::string& name, const std::string& file) {
  ImageRecipe recipe;
  recipe.name = name;
  recipe.file = file;
  return recipe;
}

TEST(PreparedHost, SaysWhichRecipeTheImageWasMadeBy) {
  const Environment environment = describe_host(Accelerator::tcg, {{"/x/mine.toml", image}},
                                                {{"/x/mine.toml", recipe_named("mine-1234", "/x/mine.toml")}});
  EXPECT_EQ(environment.image,
            (std::map<std::string, std::string>{
                {"name", "mine-1234"}, {"recipe", "/x/mine.toml"}, {"digest", "d1"}, {"kernel", "6.1.0"}}));
  EXPECT_EQ(environment.packages, (std::map<std::string, std::string>{{"iperf3", "3.12"}}));
}

TEST(PreparedHost, SeveralImagesAreToldByTheirNames) {
  const Environment environment = describe_host(Accelerator::tcg, {{"/x/mine.toml", image}, {"debian-12", image}},
                                                {{"/x/mine.toml", recipe_named("mine-1234", "/x/mine.toml")},
                                                 {"debian-12", recipe_named("debian-12", "/shipped/debian-12.toml")}});
  EXPECT_EQ(environment.image.at("mine-1234.recipe"), "/x/mine.toml");
  EXPECT_EQ(environment.image.at("debian-12.recipe"), "/shipped/debian-12.toml");
  EXPECT_EQ(environment.packages.count("mine-1234.iperf3"), 1U);
}

}  // namespace
}  // namespace offlab
