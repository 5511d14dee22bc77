// How often `offlab bisect` is right, and in how many runs: its own loop, with labs that show the fault where the
// culprits are set, and turn over a share of the answers. docs/error-rates.md has the figures.
#include <algorithm>
#include <bit>
#include <random>

#include <fmt/core.h>

#include "campaign/bisect.h"

namespace offlab {
namespace {

constexpr int campaigns = 2000;
constexpr std::size_t settings = 8;

class Labs : public BisectLabs {
 public:
  Labs(SettingSet culprits, std::size_t first_bad, double flakes, std::mt19937_64& random)
      : culprits_(culprits), first_bad_(first_bad), flakes_(flakes), random_(random) {}

  BisectStep run_settings(SettingSet set) override { return step((set & culprits_) == culprits_); }
  BisectStep run_version(std::size_t version) override { return step(version >= first_bad_); }

 private:
  BisectStep step(bool fault) {
    if (std::bernoulli_distribution(flakes_)(random_)) fault = !fault;
    const Outcome outcome = fault ? Outcome::fail : Outcome::pass;
    return {.id = "x",
            .result = {.id = "x",
                       .outcome = outcome,
                       .forwarding = outcome,
                       .fault_class = fault ? FaultClass::lro_orphan_storm : FaultClass::healthy},
            .folder = ""};
  }

  SettingSet culprits_;
  std::size_t first_bad_;
  double flakes_;
  std::mt19937_64& random_;
};

struct Tally {
  int right = 0;
  int wrong = 0;  // proven, but another one
  double runs = 0;
  std::size_t most = 0;

  void add(const BisectReport& report, const std::vector<std::string>& truth) {
    const bool proven = report.end == SearchEnd::proven;
    right += proven && report.found == truth;
    wrong += proven && report.found != truth;
    runs += static_cast<double>(report.steps.size());
    most = std::max(most, report.steps.size());
  }
  void print(const std::string& what, double flakes) const {
    fmt::print("| {} | {:.0f} % | {:.2f} % | {:.2f} % | {:.1f} | {} |\n", what, 100 * flakes, 100.0 * right / campaigns,
               100.0 * wrong / campaigns, runs / campaigns, most);
  }
};

// The bad case is the one that was seen to be bad: one that passes by a flake would not be searched.
template <typename Search>
BisectReport repeated(const Search& search) {
  BisectReport report = search();
  while (report.end == SearchEnd::no_fault) report = search();
  return report;
}

void print_settings(int culprits, double flakes) {
  std::mt19937_64 random(7);
  BisectQuestion question{
      .name = "file", .good = "good", .bad = "bad", .searched = {}, .flake_rate = flakes, .most_runs = 200};
  for (std::size_t i = 0; i < settings; ++i) question.searched.push_back(fmt::format("key-{}=on", i));
  question.suspicion.assign(settings, 1);
  Tally tally;
  for (int i = 0; i < campaigns; ++i) {
    SettingSet set = 0;
    while (std::popcount(set) < culprits) set |= 1U << (random() % settings);
    std::vector<std::string> truth;
    for (std::size_t k = 0; k < settings; ++k)
      if ((set >> k & 1U) != 0) truth.push_back(question.searched[k]);
    Labs labs(set, 0, flakes, random);
    tally.add(repeated([&] { return bisect_settings(question, labs, [](const BisectStep&) {}); }), truth);
  }
  tally.print(fmt::format("8 settings, {} {}", culprits, culprits == 1 ? "culprit" : "culprits"), flakes);
}

void print_versions(std::size_t versions, double flakes) {
  std::mt19937_64 random(7);
  BisectQuestion question{
      .name = "file", .good = "good", .bad = "bad", .searched = {}, .flake_rate = flakes, .most_runs = 400};
  for (std::size_t i = 0; i < versions; ++i) question.searched.push_back(fmt::format("6.1.0-{}", i));
  Tally tally;
  for (int i = 0; i < campaigns; ++i) {
    const std::size_t first_bad = 1 + random() % (versions - 1);
    Labs labs(0, first_bad, flakes, random);
    tally.add(repeated([&] { return bisect_versions(question, labs, [](const BisectStep&) {}); }),
              {question.searched[first_bad]});
  }
  tally.print(fmt::format("{} kernels", versions), flakes);
}

}  // namespace
}  // namespace offlab

int main() {
  using namespace offlab;
  fmt::print("| searched | answers turned over | right | wrong | runs, mean | most |\n|---|---|---|---|---|---|\n");
  for (const double flakes : {0.0, 0.05})
    for (const int culprits : {1, 2}) print_settings(culprits, flakes);
  for (const double flakes : {0.0, 0.05}) print_versions(64, flakes);
  return 0;
}
