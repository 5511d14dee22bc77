// Bundles of a recorded run and of captures, as their commands make them.
#include "bundle/make_bundle.h"

#include <iterator>
#include <regex>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/read_file.h"
#include "base/usage_error.h"
#include "bundle/bundle_folder.h"
#include "bundle/parts.h"
#include "folders.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class MakeBundle : public testing::Test {
 protected:
  MadeBundle make(const std::string& name, bool anonymise = false) const {
    return bundle_of_run(run_, "hypervisor-lro", {.out = temp_.path() / name, .anonymise = anonymise});
  }
  std::string text_of(const fs::path& file) const { return read_whole_file(temp_.path() / file); }

  TempFolder temp_;
  fs::path run_ = fs::path(tests_folder()) / "data/recorded-run";
};

TEST_F(MakeBundle, HasWhatAnotherNeedsToSeeTheFault) {
  const MadeBundle made = make("one.bundle");
  EXPECT_EQ(made.facts.why_no_script, "");
  EXPECT_EQ(damage_of_bundle(made.place, {"README.md", "topology.toml", "reproduce.sh", "lab/steps.sh",
                                          "image/debian-12/build.sh", "captures/router-wan.pcapng",
                                          "captures/router-lan.pcapng", "expected.json", "environment.json",
                                          "counters/case/after/router.txt", "counters/control/before/router.txt"}),
            "");
  EXPECT_THAT(text_of("one.bundle/README.md"),
              AllOf(HasSubstr("lro-orphan-storm"), HasSubstr("`captures/router-wan.pcapng`: the first 30 of")));
  EXPECT_THAT(text_of("one.bundle/counters/case/after/router.txt"), Not(HasSubstr("kernel log")));
  EXPECT_TRUE(made.mapping.empty());
}

TEST_F(MakeBundle, KeepsTheMappingOutsideAndForItsOwner) {
  const MadeBundle made = make("one.bundle", true);
  EXPECT_EQ(made.mapping, temp_.path() / "one.bundle.mapping.json");
  EXPECT_THAT(text_of(made.mapping.filename()), HasSubstr("198.18.2.2"));
  struct stat state {};
  ASSERT_EQ(stat(made.mapping.c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777U, 0600U);
  for (const auto& entry : fs::recursive_directory_iterator(made.place))
    EXPECT_THAT(entry.path().filename().string(), Not(HasSubstr("mapping")));
}

TEST_F(MakeBundle, NeverReplacesTheMappingOfAnotherBundle) {
  const MadeBundle first = make("one.bundle", true);
  const std::string mapping = read_whole_file(first.mapping);
  fs::rename(first.place, temp_.path() / "handed-over.bundle");
  try {
    make("one.bundle", true);
    FAIL() << "it was made";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("--mapping"));
  }
  EXPECT_EQ(read_whole_file(first.mapping), mapping);
  EXPECT_FALSE(fs::exists(first.place));
}

TEST_F(MakeBundle, RefusesACaseThatIsNotThere) {
  try {
    bundle_of_run(run_, "no-such-case", {.out = temp_.path() / "one.bundle"});
    FAIL() << "it was made";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("hypervisor-lro"));
  }
  EXPECT_TRUE(fs::is_empty(temp_.path()));
}

TEST_F(MakeBundle, OfCapturesAloneImitatesTheRouter) {
  const fs::path leg = run_ / "cases/02-hypervisor-lro/case";
  const MadeBundle made =
      bundle_of_captures({.first = {leg / "router-wan.pcapng"}, .second = {leg / "router-lan.pcapng"}}, {},
                         {.out = temp_.path() / "captures.bundle"});
  EXPECT_TRUE(made.facts.imitates);
  EXPECT_EQ(made.facts.result.fault_class, FaultClass::lro_orphan_storm);
  EXPECT_EQ(damage_of_bundle(made.place, {"README.md", "topology.toml", "reproduce.sh", "expected.json"}), "");
  EXPECT_FALSE(fs::exists(made.place / "counters"));
  EXPECT_FALSE(fs::exists(made.place / "environment.json"));
  EXPECT_THAT(text_of("captures.bundle/README.md"), Not(HasSubstr("`counters/`")));
}

// A bundle's build.sh compiles what the bundle has; CMake compiles what guest/CMakeLists.txt lists.
TEST(BundledSource, HasAllFilesOfTheBackgroundLoad) {
  std::set<std::string> bundled;
  std::set<std::string> included;
  const std::regex include("#include \"([^\"]+)\"");
  for (const auto& [name, text] : parts::background_source()) {
    bundled.insert(name);
    const std::string source(text);
    for (std::sregex_iterator at(source.begin(), source.end(), include), end; at != end; ++at)
      included.insert(at->str(1));
  }
  EXPECT_THAT(bundled, testing::IsSupersetOf(included));
  const std::string list = read_whole_file(source_folder() + "/guest/CMakeLists.txt");
  std::smatch found;
  ASSERT_TRUE(std::regex_search(list, found, std::regex(R"(\(offlab-background ([^)]*)\))")));
  std::istringstream files(found.str(1));
  std::set<std::string> compiled{std::istream_iterator<std::string>(files), {}};
  std::erase_if(bundled, [](const std::string& name) { return name.ends_with(".h"); });
  EXPECT_EQ(bundled, compiled);
}

}  // namespace
}  // namespace offlab
