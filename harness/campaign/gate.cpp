#include "campaign/gate.h"

#include <cmath>

#include <fmt/core.h>

#include "campaign/gate_answer.h"

namespace offlab {
namespace {

// A case whose answer is not known has none.
bool is_judged(const CaseResult& result) {
  return result.forwarding == Outcome::pass || result.forwarding == Outcome::fail;
}

bool is_faulty(const CaseResult& result) {
  return result.forwarding == Outcome::fail;
}

bool same_class(const CaseResult& a, const CaseResult& b) {
  return a.forwarding == b.forwarding && a.fault_class == b.fault_class;
}

std::string class_of(const CaseResult& result) {
  return result.fault_class ? std::string(to_string(*result.fault_class)) : std::string("no class");
}

std::string percent(double logarithm) {
  return fmt::format("{:+.1f} %", 100 * (std::exp(logarithm) - 1));
}

class Gate {
 public:
  Gate(const GateQuestion& question, GateLabs& labs, const GateListener& listener)
      : question_(question), labs_(labs), listener_(listener) {
    report_.name = question.name;
    report_.case_id = question.case_id;
    report_.limits = question.limits;
    report_.baseline.words = question.baseline;
    report_.candidate.words = question.candidate;
  }

  GateReport run() {
    std::tie(report_.baseline.result, report_.candidate.result) = labs_.judge_both();
    if (!decided_by_class()) compare_in_pairs();
    return std::move(report_);
  }

 private:
  bool answer(GateAnswer answer, std::string why) {
    report_.answer = answer;
    report_.why = std::move(why);
    return true;
  }

  bool decided_by_class() {
    const CaseResult& baseline = report_.baseline.result;
    const CaseResult& candidate = report_.candidate.result;
    for (const auto& [arm, result] : {std::pair("baseline", &baseline), std::pair("candidate", &candidate)})
      if (!is_judged(*result))
        return answer(GateAnswer::undecided, fmt::format("the {} could not be judged: {}", arm, result->reason));
    if (is_faulty(candidate) && !same_class(baseline, candidate)) return confirm();
    if (is_faulty(baseline) && !is_faulty(candidate))
      return answer(
          GateAnswer::not_worse,
          fmt::format("the baseline has {}, the candidate is healthy: the change cures it", class_of(baseline)));
    if (is_faulty(candidate))
      return answer(GateAnswer::not_worse, fmt::format("both have {}: the change neither makes it nor cures it. "
                                                       "Figures under a fault were not compared",
                                                       class_of(candidate)));
    return false;
  }

  bool confirm() {
    const CaseResult& first = report_.candidate.result;
    report_.again = labs_.judge_candidate_again();
    const std::string baseline = is_faulty(report_.baseline.result)
                                     ? "the baseline has " + class_of(report_.baseline.result)
                                     : std::string("the baseline is healthy");
    if (same_class(first, *report_.again))
      return answer(GateAnswer::worse,
                    fmt::format("the candidate has {}, in a second lab too; {}", class_of(first), baseline));
    return answer(
        GateAnswer::undecided,
        fmt::format("the candidate had {}, but in a second lab {}: a fault that comes and goes; {}", class_of(first),
                    is_judged(*report_.again) ? class_of(*report_.again) : "no answer", baseline));
  }

  void compare_in_pairs() {
    std::vector<GatePair>& pairs = report_.pairs;
    while (pairs.size() < question_.limits.most_pairs) {
      pairs.push_back(labs_.measure_pair(pairs.size(), baseline_comes_first(pairs.size(), question_.seed)));
      report_.goodput = compare_goodput(pairs, question_.limits);
      report_.cpu = compare_cpu(pairs, question_.limits);
      listener_(pairs, *report_.goodput);
      if (is_certain()) break;
    }
    conclude();
  }

  // One figure that is worse is enough; all must be known not to be.
  bool is_certain() const {
    const GateAnswer cpu = report_.cpu ? report_.cpu->answer : GateAnswer::not_worse;
    const GateAnswer goodput = report_.goodput->answer;
    return goodput == GateAnswer::worse || cpu == GateAnswer::worse ||
           (goodput == GateAnswer::not_worse && cpu == GateAnswer::not_worse);
  }

  void conclude() {
    const double margin = 100 * question_.limits.margin;
    const auto is = [](const std::optional<Comparison>& figure, GateAnswer answer) {
      return figure && figure->answer == answer;
    };
    if (is(report_.goodput, GateAnswer::worse))
      answer(GateAnswer::worse, fmt::format("goodput {}", percent(report_.goodput->interval.mean)));
    else if (is(report_.cpu, GateAnswer::worse))
      answer(GateAnswer::worse, fmt::format("CPU time for a gigabit {}", percent(-report_.cpu->interval.mean)));
    else if (is_certain())
      answer(GateAnswer::not_worse, fmt::format("not worse by more than {:g} %", margin));
    else
      answer(GateAnswer::undecided,
             fmt::format("after {} pairs it is not certain whether the candidate is worse by {:g} %",
                         report_.pairs.size(), margin));
  }

  const GateQuestion& question_;
  GateLabs& labs_;
  const GateListener& listener_;
  GateReport report_{};
};

}  // namespace

GateReport run_gate(const GateQuestion& question, GateLabs& labs, const GateListener& listener) {
  return Gate(question, labs, listener).run();
}

}  // namespace offlab
