// The regression suite, and faults that are on no list.
#include <set>

#include <gtest/gtest.h>

#include "folders.h"
#include "lab/program.h"

namespace offlab::test {
namespace {

using std::chrono::seconds;

std::set<std::string> violated(const nlohmann::json& run, const std::string& id) {
  std::set<std::string> names;
  const nlohmann::json one = find_case(run, id);
  for (const auto& finding : one["findings"])
    if (finding["outcome"] == "fail") names.insert(finding["invariant"]);
  return names;
}

TEST(Hazards, FaultsOnNoListFailByTheInvariantThatIsViolated) {
  const ScratchFolder scratch;
  Program program({"verify", source_folder() + "/tests/lab/unlisted", "--out", scratch / "run"});
  ASSERT_EQ(program.wait(seconds(280)), 0) << program.output();
  const auto run_of = [&](const std::string& name) { return read_json(scratch / ("run/" + name + "/run.json")); };
  EXPECT_EQ(violated(run_of("rewrites-window"), "rewrites-window"), std::set<std::string>{"header-transparency"});
  EXPECT_EQ(violated(run_of("drops-by-size"), "drops-by-size").count("coverage"), 1U);
  EXPECT_EQ(violated(run_of("blocks-icmp"), "blocks-icmp").count("coverage"), 1U);
  EXPECT_EQ(find_case(run_of("blocks-icmp"), "blocks-icmp")["class"], "pmtud-blackhole");
}

// A campaign: some 34 cases.
TEST(Hazards, ComeOutAsTheirFilesSay) {
  const ScratchFolder scratch;
  Program program({"verify", source_folder() + "/topologies/hazards", "--out", scratch / "run"});
  EXPECT_EQ(program.wait(seconds(900)), 0) << program.output();
}

// A campaign: setups of people who had this problem.
TEST(Field, ComesOutAsItsFilesSay) {
  const ScratchFolder scratch;
  Program program({"verify", source_folder() + "/topologies/field", "--out", scratch / "run"});
  EXPECT_EQ(program.wait(seconds(900)), 0) << program.output();
}

}  // namespace
}  // namespace offlab::test
