#include "progress/run_progress.h"

#include <algorithm>

namespace offlab {
namespace {

// Switching, checking, counting: per leg, beyond its traffic. Measured on two cores under TCG.
constexpr double leg_overhead_seconds = 2;
constexpr double lab_start_seconds = 8;

// Of rates: more than a terminal has room for.
constexpr std::size_t most_kept = 64;

template <typename... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <typename... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

}  // namespace

void RunProgress::expect(const RunPlan& plan, double now) {
  *this = {};
  since_ = now;
  for (const LabPlan& lab : plan.labs) {
    Lab& one = labs_[lab.name];
    one.shown.name = lab.name;
    for (const NodePlan& node : lab.nodes) one.shown.nodes.push_back({node.name});
    seconds_left_ += lab_start_seconds;
    for (const CasePlan& plan_of_case : lab.cases) {
      const double seconds = usual_traffic_seconds(plan_of_case) + 2 * leg_overhead_seconds;
      case_seconds_[plan_of_case.id] = seconds;
      seconds_left_ += seconds;
      one.cases.insert(plan_of_case.id);
      ++case_count_;
    }
  }
}

RunProgress::Lab& RunProgress::lab_of(const Event& event) {
  Lab& lab = labs_[event.of.lab];
  lab.shown.name = event.of.lab;
  return lab;
}

void RunProgress::on(const Event& event, double now) {
  std::visit(Overloaded{
                 [&](const event::LabStage& stage) { enter_stage(lab_of(event), stage, now); },
                 [&](const event::NodeReady& ready) {
                   std::vector<NodeProgress>& nodes = lab_of(event).shown.nodes;
                   const auto known = std::find_if(nodes.begin(), nodes.end(),
                                                   [&](const NodeProgress& one) { return one.name == ready.node; });
                   const NodeProgress now_up{ready.node, ready.seconds, ready.restored};
                   if (known == nodes.end())
                     nodes.push_back(now_up);
                   else
                     *known = now_up;
                 },
                 [&](const event::CaseStarted& started) {
                   Lab& lab = lab_of(event);
                   ++cases_begun_;
                   lab.runs = true;
                   lab.shown.case_id = started.id;
                   lab.shown.leg.clear();
                   lab.shown.step.clear();
                   lab.shown.transfers = false;
                   lab.shown.rates.reset();
                   lab.shown.highest_bps = 0;
                 },
                 [&](const event::StepStarted& step) {
                   LabProgress& lab = lab_of(event).shown;
                   if (step.leg != lab.leg) lab.rates.reset();
                   lab.transfers = false;
                   lab.leg = step.leg;
                   lab.step = step.step;
                 },
                 [&](const event::TransferProgress& progress) { add_rates(lab_of(event).shown, progress); },
                 [&](const event::CaseRecorded& recorded) { end_case(lab_of(event), recorded, now); },
                 [&](const event::Note&) {},
                 [&](const event::LabFailed&) { lab_of(event).runs = false; },
                 [&](const event::LabWorn&) { lab_of(event).runs = false; },
             },
             event.what);
}

void RunProgress::enter_stage(Lab& lab, const event::LabStage& stage, double now) {
  if (!lab.runs) {  // for the first time, or again
    for (NodeProgress& node : lab.shown.nodes) node = {node.name};
    lab.shown.case_id.clear();
  }
  lab.runs = true;
  lab.shown.stage = stage.stage;
  if (lab.shown.is_up()) spend(lab_start_seconds, now);
}

void RunProgress::end_case(Lab& lab, const event::CaseRecorded& recorded, double now) {
  lab.shown.case_id.clear();
  lab.cases.erase(recorded.id);
  if (lab.cases.empty()) lab.runs = false;
  ++cases_done_;
  const auto expected = case_seconds_.find(recorded.id);
  spend(expected == case_seconds_.end() ? 0 : expected->second, now);
}

void RunProgress::add_rates(LabProgress& lab, const event::TransferProgress& progress) {
  if (!lab.rates || progress.leg != lab.leg) lab.rates.emplace();
  lab.case_id = progress.case_id;
  lab.leg = progress.leg;
  lab.transfers = true;
  TransferRates& rates = *lab.rates;
  const bool first = progress.seconds < rates.seconds || rates.total_seconds == 0;
  rates.seconds = progress.seconds;
  rates.total_seconds = progress.total_seconds;
  rates.uplink_bps = progress.uplink_bps;
  rates.bogus_errors = progress.bogus_errors;
  if (first || !progress.passed_bps) return;  // it tells nothing yet
  rates.passed_bps.push_back(*progress.passed_bps);
  if (rates.passed_bps.size() > most_kept) rates.passed_bps.erase(rates.passed_bps.begin());
  lab.highest_bps = std::max(lab.highest_bps, *progress.passed_bps);
}

std::vector<LabProgress> RunProgress::labs() const {
  std::vector<LabProgress> running;
  for (const auto& [name, lab] : labs_)
    if (lab.runs) running.push_back(lab.shown);
  return running;
}

void RunProgress::spend(double seconds, double now) {
  seconds_left_ -= seconds;
  since_ = now;
}

std::size_t RunProgress::running_cases() const {
  return static_cast<std::size_t>(std::count_if(labs_.begin(), labs_.end(), [](const auto& one) {
    return one.second.runs && !one.second.shown.case_id.empty();
  }));
}

std::optional<double> RunProgress::seconds_left(double now) const {
  if (case_count_ == 0) return std::nullopt;
  const auto at_once = static_cast<double>(std::max<std::size_t>(running_cases(), 1));
  return std::max(0.0, seconds_left_ / at_once - (now - since_));
}

}  // namespace offlab
