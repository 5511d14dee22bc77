// A topology file and those it extends, as one file with one case.
#include "config/resolved_file.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/read_file.h"
#include "config/parse_scenario.h"
#include "folders.h"
#include "plan/expand_matrix.h"
#include "unit/refusal.h"

namespace offlab {
namespace {

using testing::HasSubstr;
using testing::Not;

// Every file that is shipped: resolved, it has the same topology and one case with the same settings.
TEST(ResolvedFile, HasTheTopologyOfTheFilesAndTheSettingsOfTheCase) {
  std::size_t checked = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(source_folder() + std::string("/topologies"))) {
    if (entry.path().extension() != ".toml") continue;
    std::vector<SourceFile> files = {{entry.path(), read_whole_file(entry.path())}};
    while (const auto next = extended_file(files.back().text)) {
      const auto path = std::filesystem::path(files.back().name).parent_path() / next->path;
      files.push_back({path, read_whole_file(path)});
    }
    const ParsedScenario parsed = parse_scenario(files);
    if (!parsed.scenario) continue;
    for (const Case& one : expand_matrix(*parsed.scenario, {}).cases) {
      const std::string text = resolved_file(files,
                                             {.name = "one",
                                              .summary = "s",
                                              .settings = one.axes,
                                              .expect = "healthy",
                                              .duration_seconds = 2.5,
                                              .warmup_seconds = 1},
                                             {});
      const ParsedScenario again = parse_scenario(text, "resolved.toml");
      ASSERT_TRUE(again.scenario) << entry.path() << " " << one.id << "\n"
                                  << again.diagnostics.front().message << "\n"
                                  << text;
      const std::vector<Case> cases = expand_matrix(*again.scenario, {}).cases;
      ASSERT_EQ(cases.size(), 1U) << entry.path() << " " << one.id;
      EXPECT_EQ(cases[0].topology, one.topology) << entry.path() << " " << one.id << "\n" << text;
      EXPECT_EQ(again.scenario->measure.duration_seconds, 2.5);
      ++checked;
    }
  }
  EXPECT_GT(checked, 100U);
}

TEST(ResolvedFile, QuotesWhatIsInTheFile) {
  const std::string text = resolved_file(
      {{"a.toml", "name = \"x\"\n[[node]]\nname = \"router\"\nsetup = [ \"echo \\\"a\\\\b\\\" > /tmp/x\" ]\n"}},
      {.name = "one", .summary = "", .settings = {}, .expect = ""}, {});
  EXPECT_THAT(text, HasSubstr(R"(setup = ["echo \"a\\b\" > /tmp/x"])"));
  EXPECT_THAT(text, Not(HasSubstr("expect")));
}

TEST(ResolvedFile, ImagesGetTheirPlaceInTheBundle) {
  const std::string text = resolved_file({{"a.toml", "[[node]]\nname = \"router\"\nimage = \"../mine.toml\"\n"}},
                                         {.name = "one", .summary = "", .settings = {}, .expect = ""},
                                         {{"../mine.toml", "./image/mine/mine.toml"}});
  EXPECT_THAT(text, HasSubstr(R"(image = "./image/mine/mine.toml")"));
  EXPECT_THAT(refusal([] {
                resolved_file({{"a.toml", "= ="}}, {.name = "one", .summary = "", .settings = {}, .expect = ""}, {});
              }),
              HasSubstr("a.toml is no TOML file"));
}

}  // namespace
}  // namespace offlab
