// How often `offlab gate` is wrong, with the noise of a real lab: legs that gates of two equal arms have recorded
// (gate.json, named on the command line), one gate behind the other, taken again from a random pair on, in their order,
// so that what drifts and swings stays in them. A gate that was noisy has more pairs, and so counts for more. The
// candidate's goodput is made better or worse by a factor. docs/error-rates.md has the figures.
#include <cmath>
#include <fstream>
#include <random>

#include <fmt/core.h>

#include "base/parse_json.h"
#include "campaign/gate.h"
#include "campaign/gate_answer.h"

namespace offlab {
namespace {

constexpr int campaigns = 10'000;

using Legs = std::vector<ArmLeg>;

// In the order in which they were measured.
Legs legs_of(const std::string& file) {
  std::ifstream stream(file);
  const auto gate = parse_json(std::string(std::istreambuf_iterator<char>(stream), {}), file);
  Legs legs;
  const auto leg = [](const nlohmann::json& arm) {
    return ArmLeg{arm.at("goodput_bps").get<double>(),
                  arm.at("cpu_seconds_per_gbit").is_null()
                      ? std::nullopt
                      : std::optional(arm.at("cpu_seconds_per_gbit").get<double>())};
  };
  for (const auto& pair : gate.at("pairs")) {
    const bool baseline_first = pair.at("first") == "baseline";
    legs.push_back(leg(pair.at(baseline_first ? "baseline" : "candidate")));
    legs.push_back(leg(pair.at(baseline_first ? "candidate" : "baseline")));
  }
  return legs;
}

CaseResult healthy() {
  return {.id = "x", .outcome = Outcome::pass, .forwarding = Outcome::pass, .fault_class = FaultClass::healthy};
}

class RecordedLabs : public GateLabs {
 public:
  RecordedLabs(const Legs& legs, std::size_t from, double factor) : legs_(legs), next_(from), factor_(factor) {}

  std::pair<CaseResult, CaseResult> judge_both() override { return {healthy(), healthy()}; }
  CaseResult judge_candidate_again() override { return healthy(); }
  GatePair measure_pair(std::size_t, bool baseline_first) override {
    const ArmLeg first = take();
    const ArmLeg second = take();
    GatePair pair{.baseline_first = baseline_first,
                  .baseline = baseline_first ? first : second,
                  .candidate = baseline_first ? second : first};
    pair.candidate.goodput_bps *= factor_;
    return pair;
  }

 private:
  ArmLeg take() { return legs_[next_++ % legs_.size()]; }

  const Legs& legs_;
  std::size_t next_;
  double factor_;
};

// Of ln(candidate / baseline), from pairs of neighbours.
double pair_deviation(const Legs& legs) {
  double sum = 0;
  double squares = 0;
  double count = 0;
  for (std::size_t i = 0; i + 1 < legs.size(); i += 2) {
    const double difference = std::log(legs[i + 1].goodput_bps / legs[i].goodput_bps);
    sum += difference;
    squares += difference * difference;
    ++count;
  }
  return std::sqrt((squares - sum * sum / count) / (count - 1));
}

void print_row(const Legs& legs, double factor, const GateLimits& limits) {
  std::mt19937_64 random(7);
  int worse = 0;
  int fine = 0;
  double pairs = 0;
  for (int i = 0; i < campaigns; ++i) {
    RecordedLabs labs(legs, random() % (legs.size() / 2) * 2, factor);
    const GateReport report = run_gate({.name = "x",
                                        .case_id = "x",
                                        .baseline = "a",
                                        .candidate = "b",
                                        .limits = limits,
                                        .seed = static_cast<unsigned>(i) % 2},
                                       labs, [](const std::vector<GatePair>&, const Comparison&) {});
    worse += report.answer == GateAnswer::worse;
    fine += report.answer == GateAnswer::not_worse;
    pairs += static_cast<double>(report.pairs.size());
  }
  const auto share = [](int count) { return 100.0 * count / campaigns; };
  fmt::print("| {:+.0f} % | {:.2f} % | {:.2f} % | {:.2f} % | {:.1f} |\n", 100 * (factor - 1), share(worse), share(fine),
             share(campaigns - worse - fine), pairs / campaigns);
}

}  // namespace
}  // namespace offlab

int main(int count, char** arguments) {
  using namespace offlab;
  Legs legs;
  for (int i = 1; i < count; ++i)
    for (const ArmLeg& one : legs_of(arguments[i])) legs.push_back(one);
  if (legs.empty()) {
    fmt::print(stderr, "usage: offlab-gate-rates GATE.JSON...\n");
    return 2;
  }
  fmt::print("{} legs of {} gates; deviation of a pair {:.3f}\n\n", legs.size(), count - 1, pair_deviation(legs));
  fmt::print("| candidate | worse | not worse | undecided | pairs, mean |\n|---|---|---|---|---|\n");
  for (const double factor : {1.0, 0.9, 0.8}) print_row(legs, factor, {});
  return 0;
}
