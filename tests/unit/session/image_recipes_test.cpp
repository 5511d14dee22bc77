// A recipe is used when it is shipped, or named by its path; never because it lies in the working folder.
#include "session/image_recipes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/usage_error.h"
#include "folders.h"
#include "plan/make_plan.h"
#include "session/prepared_host.h"
#include "session/scenario_file.h"
#include "unit/config/good_file.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::MatchesRegex;

constexpr const char* recipe = R"(name = "debian-12"
suite = "planted"
kernel = "linux-image-amd64"
packages = ["iperf3"]
modules = ["vmxnet3"]
programs = ["/usr/bin/iperf3"]
init = "#!/bin/sh"
)";

// In a working folder of its own, as long as the test takes.
class ImageRecipesHere : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* program : {"offlab-state", "offlab-background"})  // which not every build has
      write_file(data_.path() / program, "");
    setenv("OFFLAB_DATA", data_.path().c_str(), 1);
    fs::current_path(temp_.path());
  }
  void TearDown() override {
    fs::current_path(before_);
    unsetenv("OFFLAB_DATA");
  }
  static std::string refusal(const std::string& key) {
    try {
      load_image_recipe(key);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "";
  }
  // What loading a file of this image says, and the images of its nodes.
  static std::vector<std::string> images_of(const fs::path& file, bool anywhere = false) {
    ScenarioOptions options;
    options.file = file;
    options.extend_anywhere = anywhere;
    try {
      const LoadedScenario loaded = load_scenario(options);
      std::vector<std::string> images;
      for (const auto& [key, one] : recipes_of(make_plan(loaded.scenario, loaded.cases, Question::healthy).labs))
        images.push_back(key);
      return images;
    } catch (const UsageError& error) {
      return {error.what()};
    }
  }
  static void write_topology(const fs::path& file, const std::string& image) {
    write_file(file, good_file_with("image = \"debian-12-lro\"", "image = \"" + image + "\""));
  }

  TempFolder temp_;
  TempFolder data_;
  fs::path before_ = fs::current_path();
};

TEST_F(ImageRecipesHere, OneOfTheWorkingFolderIsNotPickedByItsName) {
  write_file("guest-images/debian-12.toml", recipe);
  const ImageRecipe found = load_image_recipe("debian-12");
  EXPECT_EQ(found.suite, "bookworm");
  EXPECT_EQ(found.name, "debian-12");
  EXPECT_EQ(found.file, fs::canonical(source_folder() + "/guest-images/debian-12.toml"));
  EXPECT_EQ(
      found.remark,
      "image debian-12: the shipped recipe is used; guest-images/debian-12.toml of this folder is used only where "
      "it is named by its path");
}

TEST_F(ImageRecipesHere, NothingIsRemarkedOfTheShippedOne) {
  EXPECT_EQ(load_image_recipe("debian-12").remark, "");
  fs::create_directory_symlink(source_folder() + "/guest-images", "guest-images");
  EXPECT_EQ(load_image_recipe("debian-12").remark, "");
}

TEST_F(ImageRecipesHere, WhoNeedsAPathIsTold) {
  write_file("guest-images/mine.toml", recipe);
  EXPECT_EQ(refusal("mine"),
            "error: there is no image 'mine': no guest-images/mine.toml is shipped\n"
            "  remedy: guest-images/mine.toml of this folder is used only where it is named by its path, with a '/'\n");
  EXPECT_THAT(refusal("other"), HasSubstr("remedy: name a shipped image (debian-12), or the path of a recipe"));
}

TEST_F(ImageRecipesHere, APathNamesAnyRecipe) {
  write_file("guest-images/my image.toml", recipe);
  const fs::path file = fs::canonical("guest-images/my image.toml");
  const ImageRecipe found = load_image_recipe("./guest-images/my image.toml");
  EXPECT_EQ(found.suite, "planted");
  EXPECT_THAT(found.name, MatchesRegex("my_image-[0-9a-f]+"));
  EXPECT_EQ(found.key, file);
  EXPECT_EQ(found.file, file);
  EXPECT_EQ(found.remark, "image " + found.name + ": made by the recipe " + file.string());
  EXPECT_EQ(load_image_recipe(found.key), found) << "the image's worker loads it by its key";
}

TEST_F(ImageRecipesHere, AKernelBehindThePathIsItsOwnImage) {
  write_file("./mine.toml", recipe);
  const ImageRecipe found = load_image_recipe("./mine.toml@6.1.0-47-amd64");
  EXPECT_THAT(found.name, MatchesRegex("mine-[0-9a-f]+@6.1.0-47-amd64"));
  EXPECT_EQ(found.kernel_release, "6.1.0-47-amd64");
  EXPECT_EQ(found.kernel_package, "linux-image-6.1.0-47-amd64");
  EXPECT_EQ(load_image_recipe(found.key), found);
}

TEST_F(ImageRecipesHere, EqualNamesInTwoFoldersAreTwoImages) {
  write_file("a/mine.toml", recipe);
  write_file("b/mine.toml", recipe);
  EXPECT_NE(load_image_recipe("a/mine.toml").name, load_image_recipe("b/mine.toml").name);
}

TEST_F(ImageRecipesHere, WhatIsNoImageOrNoRecipeIsRefused) {
  EXPECT_THAT(refusal("debian-12@../../../tmp/x"), HasSubstr("is no image"));
  EXPECT_THAT(refusal("/etc/shadow"), HasSubstr("'/etc/shadow' is no image\n  remedy: name a shipped image"));
  EXPECT_THAT(refusal("./missing.toml"), HasSubstr("reading ./missing.toml: No such file or directory"));
  write_file("./secret", "root:hunter2:0\n");
  fs::create_symlink("secret", "link.toml");
  EXPECT_THAT(refusal("./link.toml"), HasSubstr("./link.toml leads to "));
  write_file("./foreign.toml", "root:hunter2:0\n");
  EXPECT_THAT(refusal("./foreign.toml"), HasSubstr("foreign.toml:1:5: error: this is no image recipe"));
  ASSERT_EQ(mkfifo("fifo.toml", 0600), 0);
  EXPECT_THAT(refusal("./fifo.toml"), HasSubstr("fifo.toml is no regular file"));
}

TEST_F(ImageRecipesHere, ANodesPathIsFromTheFolderOfItsFile) {
  write_file("lab/images/mine.toml", recipe);
  write_topology("lab/lab.toml", "images/mine.toml");
  const std::string file = fs::canonical("lab/images/mine.toml");
  EXPECT_THAT(images_of("lab/lab.toml"), testing::UnorderedElementsAre("debian-12", file));
  write_topology("lab/lab.toml", "images/mine.toml@6.1.0-47-amd64");
  EXPECT_THAT(images_of("lab/lab.toml"), testing::UnorderedElementsAre("debian-12", file + "@6.1.0-47-amd64"));
  // Of an extended file, from its folder.
  write_topology("lab/images/base.toml", "./mine.toml");
  write_file("lab/over.toml", "extend = \"images/base.toml\"\nname = \"over\"\n");
  EXPECT_THAT(images_of("lab/over.toml"), testing::UnorderedElementsAre("debian-12", file));
}

TEST_F(ImageRecipesHere, ANodesPathDoesNotLeadOut) {
  write_file("./outside.toml", recipe);
  write_topology("lab/lab.toml", "../outside.toml");
  EXPECT_THAT(
      images_of("lab/lab.toml"),
      testing::ElementsAre(HasSubstr("lab/lab.toml:25:9: error: '../outside.toml' leads out of the folder lab")));
  EXPECT_THAT(images_of("lab/lab.toml", true),
              testing::UnorderedElementsAre("debian-12", fs::canonical("outside.toml").string()));
  write_topology("lab/lab.toml", fs::absolute("lab/mine.toml").string());
  EXPECT_THAT(images_of("lab/lab.toml"), testing::ElementsAre(HasSubstr("is an absolute path")));
  write_file("./secret", "root:hunter2:0\n");
  fs::create_symlink("../secret", "lab/link.toml");
  write_topology("lab/lab.toml", "./link.toml");
  EXPECT_THAT(images_of("lab/lab.toml"), testing::ElementsAre(HasSubstr("leads out of the folder lab")));
}

TEST_F(ImageRecipesHere, ANodesPathThatLeadsNowhereIsAMistakeInTheFile) {
  write_topology("lab/lab.toml", "./missing.toml");
  EXPECT_THAT(images_of("lab/lab.toml"), testing::ElementsAre(HasSubstr("lab/lab.toml:25:9: error: ")));
}

}  // namespace
}  // namespace offlab
