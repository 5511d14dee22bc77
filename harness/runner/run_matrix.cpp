#include "runner/run_matrix.h"

#include <algorithm>
#include <set>
#include <thread>

#include <fmt/ranges.h>

#include "base/error.h"
#include "runner/run_case.h"
#include "verdict/family_symmetry.h"
#include "verdict/judge.h"

namespace offlab {
namespace {

void sort_as_planned(const RunPlan& plan, std::vector<CaseResult>& results) {
  std::map<std::string, std::size_t> places;
  for (const LabPlan& lab : plan.labs)
    for (const CasePlan& one : lab.cases) places.emplace(one.id, places.size());
  std::sort(results.begin(), results.end(),
            [&](const CaseResult& a, const CaseResult& b) { return places.at(a.id) < places.at(b.id); });
}

std::deque<LabTask> tasks_of(const RunPlan& plan, bool tried) {
  std::deque<LabTask> tasks;
  for (const LabPlan& lab : plan.labs) tasks.push_back({lab, tried});
  return tasks;
}

// Everything that one place does for a run.
class Place {
 public:
  Place(const RunPlan& plan, LabStarter& labs, const RunFolder& folder, const RunPolicy& policy, RunBoard& board)
      : plan_(plan), labs_(labs), folder_(folder), policy_(policy), board_(board) {}

  void work() try {
    while (auto task = board_.take()) {
      LabRun lab(plan_, labs_, folder_, policy_, board_, std::move(*task));
      try {
        lab.perform();
      } catch (const PlaceLost& lost) {
        why_lost_ = lost.what();
        board_.give_back(lab.rest());
        return;
      }
      board_.done();
    }
  } catch (const Interrupted&) {
    interrupted_ = true;
    board_.stop();
  } catch (...) {
    board_.stop(std::current_exception());
  }

  bool interrupted() const { return interrupted_; }
  const std::string& why_lost() const { return why_lost_; }

 private:
  const RunPlan& plan_;
  LabStarter& labs_;
  const RunFolder& folder_;
  const RunPolicy& policy_;
  RunBoard& board_;
  bool interrupted_ = false;
  std::string why_lost_;
};

// The labs' processes end with the thread that started them.
void work_side_by_side(std::deque<Place>& places) {
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < places.size(); ++i) threads.emplace_back([&place = places[i]] { place.work(); });
  places.front().work();
}

// The reasons of all places, each once.
std::string why_all_are_lost(const std::deque<Place>& places) {
  std::set<std::string> reasons;
  for (const Place& place : places)
    if (!place.why_lost().empty()) reasons.insert(place.why_lost());
  return fmt::format("no host is left to run it: {}", fmt::join(reasons, "; "));
}

// What an interrupt left. What has an end keeps it, whether this process or an earlier one brought it about.
CaseResult interrupted_case(const CasePlan& plan, const RunPlan& run, const RunFolder& folder,
                            const RunPolicy& policy) {
  if (policy.resume && is_finished(plan, folder, policy.retries)) return judge_if_possible(plan, folder, run);
  const CasePlan last = attempt_of(plan, folder.attempts(plan));
  if (!folder.has(last.folder + "/case.json")) folder.write_case_record(last, {std::nullopt, "interrupted", {}});
  return unjudged(plan, std::nullopt, "interrupted");
}

// What is the same for NICs that are made alike.
std::string made_as(const NicPlan& nic) {
  std::string text(to_string(nic.model));
  for (const auto& [name, on] : nic.host_offloads) text += fmt::format(" host.{}={}", name, on);
  for (const auto& [name, on] : nic.guest_offloads) text += fmt::format(" guest.{}={}", name, on);
  if (nic.queues > 1) text += fmt::format(" queues={}", nic.queues);
  return text;
}

std::map<NicRef, std::string> nics_of(const LabPlan& lab) {
  std::map<NicRef, std::string> nics;
  for (const NodePlan& node : lab.nodes)
    for (const NicPlan& nic : node.nics)
      for (const std::string& network : networks_of(nic))
        nics[{node.name, network}] = fmt::format("{} {}", made_as(nic), node.kernel);
  return nics;
}

// Of the case itself; an empty one, which has no counterpart, when no leg measures it.
LegIntent measured_intent(const CasePlan& plan) {
  const auto leg = std::find_if(plan.legs.begin(), plan.legs.end(),
                                [](const LegPlan& one) { return one.role == LegRole::measured; });
  return leg == plan.legs.end() ? LegIntent() : leg->intent;
}

void add_digests(const RunPlan& plan, std::vector<CaseResult>& cases) {
  std::map<std::string, std::string> digests;
  for (const LabPlan& lab : plan.labs)
    for (const CasePlan& one : lab.cases) digests[one.id] = one.digest;
  for (CaseResult& one : cases) one.digest = digests.at(one.id);
}

// In the order of `cases`.
std::vector<CaseSettings> settings_of(const RunPlan& plan, const std::vector<CaseResult>& cases) {
  std::map<std::string, CaseSettings> settings;
  for (const LabPlan& lab : plan.labs)
    for (const CasePlan& one : lab.cases) settings[one.id] = {measured_intent(one), nics_of(lab)};
  std::vector<CaseSettings> ordered;
  for (const CaseResult& one : cases) ordered.push_back(settings.at(one.id));
  return ordered;
}

std::vector<LabHost> labs_of(const RunPlan& plan, const RunFolder& folder) {
  std::vector<LabHost> labs;
  for (const LabPlan& lab : plan.labs)
    for (LabAttempt of{lab.name, 1}; folder.has(lab_folder(of)); ++of.attempt) {
      Environment environment = folder.read_lab_environment(of);
      labs.push_back({of, std::move(environment.host), std::move(environment.image)});
    }
  return labs;
}

RunResult summarise(const RunPlan& plan, const RunFolder& folder, std::vector<CaseResult> cases) {
  const Environment environment = folder.read_environment();
  add_family_symmetry(settings_of(plan, cases), cases);
  add_digests(plan, cases);
  std::vector<Outcome> outcomes;
  for (const CaseResult& one : cases) outcomes.push_back(one.outcome);
  return {.outcome = combine(outcomes),
          .question = plan.question,
          .name = plan.name,
          .summary = plan.summary,
          .host = environment.host,
          .image = environment.image,
          .packages = environment.packages,
          .started = environment.started,
          .seconds = environment.seconds,
          .cases = std::move(cases),
          .plan_digest = plan.digest,
          .labs = labs_of(plan, folder)};
}

}  // namespace

RunResult run_matrix(const RunPlan& plan, const std::vector<LabStarter*>& labs, const RunFolder& folder,
                     const RunPolicy& policy, const CaseListener& on_result, bool& interrupted) {
  RunBoard board(tasks_of(plan, policy.resume), policy.until, on_result);
  std::deque<Place> places;
  for (LabStarter* one : labs) places.emplace_back(plan, *one, folder, policy, board);
  work_side_by_side(places);
  board.rethrow();
  interrupted = std::any_of(places.begin(), places.end(), [](const Place& one) { return one.interrupted(); });
  if (!interrupted)
    for (const LabTask& task : board.left())
      for (const CasePlan& one : task.lab.cases) {
        const std::string why = why_all_are_lost(places);
        folder.write_case_record(attempt_of(one, folder.attempts(one)), {std::nullopt, why, {}});
        board.tell(unjudged(one, std::nullopt, why));
      }
  std::vector<CaseResult> results = board.take_results();
  for (const LabPlan& lab : plan.labs)
    for (const CasePlan& one : lab.cases)
      if (std::none_of(results.begin(), results.end(), [&](const CaseResult& r) { return r.id == one.id; }))
        results.push_back(interrupted_case(one, plan, folder, policy));
  return run_result_of(plan, folder, std::move(results));
}

RunResult run_result_of(const RunPlan& plan, const RunFolder& folder, std::vector<CaseResult> results) {
  sort_as_planned(plan, results);
  return summarise(plan, folder, std::move(results));
}

std::vector<std::string> unfinished_cases(const RunPlan& plan, const RunFolder& folder, unsigned retries) {
  std::vector<std::string> open;
  for (const LabPlan& lab : plan.labs)
    for (const CasePlan& one : lab.cases)
      if (!is_finished(one, folder, retries)) open.push_back(one.id);
  return open;
}

RunResult judge_run(const RunPlan& plan, const RunFolder& folder) {
  std::vector<CaseResult> cases;
  for (const LabPlan& lab : plan.labs)
    for (const CasePlan& one : lab.cases) cases.push_back(judge_if_possible(one, folder, plan));
  return summarise(plan, folder, std::move(cases));
}

}  // namespace offlab
