// An invariant's name is written once, in model/invariant.h: elsewhere it is an enumerator, which a rename cannot miss.
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "folders.h"
#include "model/invariant.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

const fs::path harness = fs::path(source_folder()) / "harness";

// Measurements of the contract that are called as an invariant is.
const std::set<std::pair<std::string, std::string>> called_alike = {
    {"record/measurements_json.cpp", "amplification"}, {"record/measurements_json.cpp", "duplicates"},
    {"record/measurements_json.cpp", "retransmits"},   {"measure/iperf3.cpp", "retransmits"},
    {"model/fault_class.cpp", "reordering"},           {"report/report_json.cpp", "amplification"},
    {"library/read_run.cpp", "amplification"},
};

// Is it in the literal? One of several words cannot be anything else; one of a single word is plain English, too.
bool is_named_in(const std::string& literal, const std::string& name) {
  return name.find('-') == std::string::npos ? literal == name : literal.find(name) != std::string::npos;
}

TEST(InvariantNames, AreWrittenInOnePlaceOnly) {
  static const std::regex quoted(R"re("((?:[^"\\]|\\.)*)")re");
  std::set<std::string> seen;
  for (const auto& entry : fs::recursive_directory_iterator(harness)) {
    if (entry.path().extension() != ".h" && entry.path().extension() != ".cpp") continue;
    const std::string file = fs::relative(entry.path(), harness).string();
    std::ifstream stream(entry.path());
    for (std::string line; std::getline(stream, line);)
      for (std::sregex_iterator at(line.begin(), line.end(), quoted), end; at != end; ++at)
        for (const Invariant invariant : all_invariants) {
          const std::string name(to_string(invariant));
          if (!is_named_in((*at)[1], name)) continue;
          if (file == "model/invariant.h")
            seen.insert(name);
          else
            EXPECT_TRUE(called_alike.count({file, name})) << file << " names " << name << ": " << line;
        }
  }
  EXPECT_EQ(seen.size(), all_invariants.size());
}

}  // namespace
}  // namespace offlab
