#include "setting/image_name.h"

#include <gtest/gtest.h>

#include "unit/config/good_file.h"

namespace offlab {
namespace {

TEST(ImageName, AShippedOneIsAWord) {
  EXPECT_EQ(parse_image_name("debian-12"), (ImageName{"debian-12", ""}));
  EXPECT_EQ(parse_image_name("debian-12@6.1.0-47-amd64"), (ImageName{"debian-12", "6.1.0-47-amd64"}));
  EXPECT_FALSE(parse_image_name("mine.toml")->is_path());
}

TEST(ImageName, WithASlashItIsAPath) {
  EXPECT_EQ(parse_image_name("./mine.toml"), (ImageName{"./mine.toml", ""}));
  EXPECT_EQ(parse_image_name("/a@b/mine.toml"), (ImageName{"/a@b/mine.toml", ""}));
  EXPECT_EQ(parse_image_name("./a.toml@b/mine.toml"), (ImageName{"./a.toml@b/mine.toml", ""}));
  EXPECT_EQ(parse_image_name("/a@b/mine.toml@6.1.0"), (ImageName{"/a@b/mine.toml", "6.1.0"}));
  EXPECT_TRUE(parse_image_name("./mine.toml")->is_path());
}

TEST(ImageName, OneOfTheCacheHasItsDigest) {
  EXPECT_EQ(parse_image_name("debian-12#27a0882ddefeb5e5"), (ImageName{"debian-12", "", "27a0882ddefeb5e5"}));
  EXPECT_EQ(parse_image_name("debian-12#27a0882ddefeb5e5@6.1.0-47-amd64"),
            (ImageName{"debian-12", "6.1.0-47-amd64", "27a0882ddefeb5e5"}));
  EXPECT_EQ(parse_image_name("/a#b/mine.toml#27a0882ddefeb5e5"), (ImageName{"/a#b/mine.toml", "", "27a0882ddefeb5e5"}));
  EXPECT_EQ(parse_image_name("./mine.toml#27a0882ddefeb5e5@6.1.0"),
            (ImageName{"./mine.toml", "6.1.0", "27a0882ddefeb5e5"}));
  EXPECT_EQ((ImageName{"debian-12", "6.1.0", "27a0882ddefeb5e5"}).without_kernel(), "debian-12#27a0882ddefeb5e5");
  EXPECT_EQ((ImageName{"debian-12", "6.1.0"}).without_kernel(), "debian-12");
}

TEST(ImageName, AnythingElseIsNone) {
  for (const char* text : {"debian-12#",
                           "debian-12#27a0",
                           "debian-12#27a0882ddefeb5eX",
                           "debian-12#../../../../../x",
                           "#27a0882ddefeb5e5",
                           "debian-12@6.1.0#27a0882ddefeb5e5",
                           "./mine.toml#27a0",
                           "",
                           "@6.1.0",
                           ".",
                           "..",
                           "a b",
                           "debian-12@",
                           "debian-12@linux",
                           "debian-12@../../x",
                           "debian-12@6.1@6.1",
                           "./mine",
                           "/etc/shadow",
                           "./mine.toml@",
                           "./mine.toml@linux",
                           "./mine.txt@6.1.0",
                           "./\x1b[2J.toml",
                           "a/"})
    EXPECT_EQ(parse_image_name(text), std::nullopt) << text;
  EXPECT_EQ(parse_image_name("./" + std::string(1000, 'a') + ".toml"), std::nullopt);
}

TEST(ImageName, APathInAFileIsMentionedWithItsPlace) {
  const ParsedScenario parsed =
      parse_scenario(good_file_with("image = \"debian-12-lro\"", "image = \"./mine.toml@6.1.0-47-amd64\""), "f.toml");
  EXPECT_EQ(lines_of(parsed.diagnostics), std::vector<std::string>{});
  EXPECT_EQ(parsed.recipes, (std::map<std::string, FileMention>{{"router", {"./mine.toml", {25, 9}}}}));
  EXPECT_EQ(find_node(parsed.scenario.value().topology, "router")->image, "./mine.toml");
  EXPECT_EQ(find_node(parsed.scenario.value().topology, "router")->kernel, "6.1.0-47-amd64");
}

}  // namespace
}  // namespace offlab
