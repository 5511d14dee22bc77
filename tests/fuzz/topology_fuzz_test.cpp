// Ten thousand damaged topology files: each is either planned to the last step or refused with positions, at once.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include "config/parse_scenario.h"
#include "folders.h"
#include "plan/expand_matrix.h"
#include "plan/make_plan.h"

namespace offlab {
namespace {

using Random = std::mt19937;

constexpr int files = 10'000;
constexpr auto slowest_allowed = std::chrono::seconds(2);  // with sanitizers, on a busy machine

std::vector<std::string> seeds() {
  std::vector<std::string> texts;
  for (const auto& entry : std::filesystem::directory_iterator(source_folder() + "/topologies")) {
    std::ifstream file(entry.path());
    std::ostringstream text;
    text << file.rdbuf();
    if (entry.path().extension() == ".toml") texts.push_back(text.str());
  }
  return texts;
}

// What a damaged file may get in places: words of the format, and what no file should have.
const std::vector<std::string>& snippets() {
  static const std::vector<std::string> all = {"[[network]]\n",
                                               "[[node]]\n",
                                               "[[flow]]\n",
                                               "[[case]]\n",
                                               "[axes]\n",
                                               "[measure]\n",
                                               "[hypervisor]\n",
                                               "name = \"x\"\n",
                                               "role = \"bridge\"\n",
                                               "role = \"router\"\n",
                                               "ipv4 = \"198.18.9.0/30\"\n",
                                               "vlan = 10\n",
                                               "addresses = 10000\n",
                                               "streams = 128\n",
                                               "routes = [ { to = \"0.0.0.0/0\", via = \"198.18.1.1\" } ]\n",
                                               "kernel = \"6.1.0-47-amd64\"\n",
                                               "extend = \"other.toml\"\n",
                                               "rate = \"1bit\"\n",
                                               "loss = \"101%\"\n",
                                               "mtu = 99999999999999999999\n",
                                               "mtu = -1\n",
                                               "{",
                                               "}",
                                               "[",
                                               "]",
                                               "\"",
                                               "'''",
                                               "=",
                                               ".",
                                               ",",
                                               "\\u0000",
                                               "\xff\xfe",
                                               "1e309",
                                               "nan",
                                               "0x",
                                               "1979-05-27",
                                               "\"router.lro\" = [\"off\", \"on\"]\n",
                                               "[a.b.c.d.e.f.g.h.i.j]\n",
                                               "\"hypervisor.lro\" = \"merge\"\n",
                                               "memory = \"999999999999GiB\"\n",
                                               "to = \"server\"\n",
                                               "network = \"lan\"\n"};
  return all;
}

std::size_t below(Random& random, std::size_t limit) {
  return limit == 0 ? 0 : random() % limit;
}

std::size_t line_start(const std::string& text, std::size_t near) {
  const auto end = text.rfind('\n', near);
  return end == std::string::npos ? 0 : end + 1;
}

void damage(std::string& text, Random& random) {
  const std::size_t at = below(random, text.size());
  const std::size_t begin = line_start(text, at);
  const std::size_t length =
      text.find('\n', begin) == std::string::npos ? text.size() - begin : text.find('\n', begin) + 1 - begin;
  switch (random() % 8) {
    case 0:
      if (!text.empty()) text[at] = static_cast<char>(random());
      break;
    case 1:
      text.erase(at, 1 + below(random, 20));
      break;
    case 2:
      text.insert(at, snippets()[below(random, snippets().size())]);
      break;
    case 3:
      text.insert(begin, snippets()[below(random, snippets().size())]);
      break;
    case 4:
      text.erase(begin, length);
      break;
    case 5:
      text.insert(line_start(text, below(random, text.size())), text.substr(begin, length));
      break;
    case 6:
      text.resize(at);
      break;
    default:
      text += text.substr(begin, 400);
  }
}

// Every line that a person would be shown.
void expect_positions(const Diagnostics& diagnostics, const std::string& text) {
  EXPECT_FALSE(diagnostics.empty()) << "refused without a reason:\n" << text;
  for (const Diagnostic& one : diagnostics) {
    EXPECT_GE(one.position.line, 1U) << one.message << "\n" << text;
    EXPECT_GE(one.position.column, 1U) << one.message << "\n" << text;
    EXPECT_FALSE(one.message.empty()) << text;
  }
}

void expect_planned(const Scenario& scenario, const std::string& text) {
  const Expanded expanded = expand_matrix(scenario, {});
  if (!expanded.mistakes.empty() || expanded.cases.size() > 100) return;
  const RunPlan plan = make_plan(scenario, expanded.cases, Question::healthy);
  std::size_t planned = 0;
  for (const LabPlan& lab : plan.labs) planned += lab.cases.size();
  EXPECT_EQ(planned, expanded.cases.size()) << text;
}

TEST(TopologyFuzz, TenThousandDamagedFilesAreEachPlannedOrRefusedWithPositions) {
  const std::vector<std::string> originals = seeds();
  ASSERT_FALSE(originals.empty());
  int accepted = 0;
  for (unsigned number = 0; number < files; ++number) {
    Random random(number);
    std::string text = originals[below(random, originals.size())];
    for (std::size_t times = 1 + below(random, 6); times > 0; --times) damage(text, random);
    const auto begin = std::chrono::steady_clock::now();
    const ParsedScenario parsed = parse_scenario(text, "f.toml");
    if (parsed.scenario) {
      ++accepted;
      expect_planned(*parsed.scenario, text);
    } else {
      expect_positions(parsed.diagnostics, text);
      EXPECT_FALSE(render(parsed.diagnostics, text).empty());
    }
    ASSERT_LT(std::chrono::steady_clock::now() - begin, slowest_allowed) << "file " << number << ":\n" << text;
    if (HasFailure()) FAIL() << "file " << number;
  }
  // Both kinds must come up, or the damage is too heavy or too light to say anything.
  EXPECT_GT(accepted, files / 100);
  EXPECT_LT(accepted, files / 2);
}

}  // namespace
}  // namespace offlab
