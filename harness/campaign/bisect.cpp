#include "campaign/bisect.h"

#include "campaign/version_search.h"

namespace offlab {
namespace {

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

class Bisection {
 public:
  Bisection(const BisectQuestion& question, const StepListener& listener) : question_(question), listener_(listener) {
    report_.name = question.name;
    report_.good = question.good;
    report_.bad = question.bad;
    report_.flake_rate = question.flake_rate;
    report_.searched = question.searched;
  }

  // The bad case: its class is what is searched for. False when it has none.
  bool begin(BisectStep step) {
    const bool faulty = step.result.forwarding == Outcome::fail && step.result.fault_class;
    if (faulty) report_.fault_class = step.result.fault_class;
    if (!faulty) report_.end = SearchEnd::no_fault;
    keep(std::move(step), faulty);
    return faulty;
  }

  // Another class is not the fault that is searched for; neither is what could not be judged.
  bool shows(BisectStep step) {
    const bool same = step.result.forwarding == Outcome::fail && step.result.fault_class == report_.fault_class;
    keep(std::move(step), same);
    return same;
  }

  BisectReport conclude(SearchEnd end, double likelihood, const std::vector<std::size_t>& found) {
    report_.end = end;
    report_.likelihood = likelihood;
    for (const std::size_t number : found) report_.found.push_back(question_.searched.at(number));
    return std::move(report_);
  }

  BisectReport take() { return std::move(report_); }

 private:
  void keep(BisectStep step, bool shows) {
    step.shows = shows;
    report_.steps.push_back(std::move(step));
    listener_(report_.steps.back());
  }

  const BisectQuestion& question_;
  const StepListener& listener_;
  BisectReport report_;
};

}  // namespace

BisectReport bisect_settings(const BisectQuestion& question, BisectLabs& labs, const StepListener& listener) {
  Bisection bisection(question, listener);
  const SettingSet all = (SettingSet{1} << question.searched.size()) - 1;
  if (!bisection.begin(labs.run_settings(all))) return bisection.take();
  CulpritSearch search(question.suspicion, question.flake_rate, question.most_runs);
  search.answer(all, true);
  while (const auto settings = search.next()) search.answer(*settings, bisection.shows(labs.run_settings(*settings)));
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < question.searched.size(); ++i)
    if ((search.most_likely() >> i & 1U) != 0) found.push_back(i);
  return bisection.conclude(*search.end(), search.likelihood(), found);
}

BisectReport bisect_versions(const BisectQuestion& question, BisectLabs& labs, const StepListener& listener) {
  Bisection bisection(question, listener);
  const std::size_t last = question.searched.size() - 1;
  if (!bisection.begin(labs.run_version(last))) return bisection.take();
  VersionSearch search(question.searched.size(), question.flake_rate, question.most_runs);
  search.answer(last, true);
  while (const auto version = search.next()) search.answer(*version, bisection.shows(labs.run_version(*version)));
  return bisection.conclude(*search.end(), search.likelihood(), {search.most_likely()});
}

double suspicion_of(const std::string& key) {
  if (ends_with(key, "hypervisor.lro")) return 8;
  if (ends_with(key, ".lro")) return 6;
  for (const char* merges : {".gro", ".tso", ".gso", ".model", ".mtu", ".kernel", ".image"})
    if (ends_with(key, merges)) return 3;
  return 1;
}

}  // namespace offlab
