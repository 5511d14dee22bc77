#include "staying/lab_of_run.h"

#include <fmt/core.h>

#include "base/usage_error.h"
#include "plan/live_steps.h"
#include "session/paths.h"
#include "setting/rows.h"
#include "staying/control_connection.h"
#include "staying/staying_lab.h"

namespace offlab {
namespace {

void refuse(const LabEntry& entry, const std::string& case_id, const std::string& difference) {
  throw UsageError(fmt::format("error: case '{}' does not fit lab '{}': {}\n", case_id, entry.name, difference));
}

void check_media(const LabEntry& entry, const LabPlan& wanted, const std::string& case_id) {
  for (const BridgePlan& bridge : wanted.bridges)
    for (const BridgePlan& other : entry.plan.bridges)
      if (other.name == bridge.name && other.mtu < bridge.mtu)
        refuse(entry, case_id,
               fmt::format("network '{}' carries at most {} in the lab, {} is needed", bridge.name, other.mtu.bytes,
                           bridge.mtu.bytes));
}

// Sources of traffic that the lab's own file does not have. One that runs already stays.
void add_sources(std::vector<Step>& before, const LabPlan& wanted, const LabPlan& running) {
  const auto started = [&](const step::RunCommands& source) {
    for (const Step& one : running.configuration)
      if (const auto* other = std::get_if<step::RunCommands>(&one);
          other != nullptr && other->node == source.node && other->commands == source.commands)
        return true;
    return false;
  };
  for (const Step& one : wanted.configuration) {
    const auto* source = std::get_if<step::RunCommands>(&one);
    if (source == nullptr || source->purpose != "traffic source" || started(*source)) continue;
    step::RunCommands command = *source;
    for (std::string& line : command.commands) line += " || true";
    before.emplace_back(std::move(command));
  }
}

// The lab's own account of host and images, copied into the run folder as that of `lab_name`.
Environment environment_of(const ChosenLab& lab, const std::string& lab_name, const RunFolder& folder) {
  const RunFolder own(lab.folder);
  Environment environment = own.read_environment();
  environment.started = utc_now();
  Environment of_lab = own.read_lab_environment({lab.entry.plan.name, 1});
  of_lab.started = environment.started;
  folder.write_lab_environment({lab_name, 1}, of_lab);
  return environment;
}

class RunningLab : public RunPlaceFinder {
 public:
  RunningLab(ChosenLab lab, std::string first_case, control::Cases around)
      : lab_(std::move(lab)), first_case_(std::move(first_case)), around_(std::move(around)) {}

  Observability observable() const override { return lab_.entry.plan.observable; }

  void accept(const RunPlan& plan) override {
    check_media(lab_.entry, plan.labs.front(), first_case_);
    add_sources(around_.before, plan.labs.front(), lab_.entry.plan);
  }

  RunPlace prepare(const RunPlan& plan, const RunFolder& folder, Observer& observer,
                   const std::stop_token& stop) override {
    RunPlace place;
    place.labs.push_back(std::make_unique<RunningLabs>(lab_.folder, around_, folder.path(), observer, stop));
    place.environment = environment_of(lab_, plan.labs.front().name, folder);
    return place;
  }

 private:
  ChosenLab lab_;
  std::string first_case_;
  control::Cases around_;
};

}  // namespace

std::unique_ptr<RunPlaceFinder> running_lab(const std::string& name, const std::vector<Case>& cases) {
  ChosenLab lab = choose_lab(LabRegistry(cache_folder()), name);
  const LabEntry& entry = lab.entry;
  const Topology running = running_topology(entry, lab.folder);
  for (const Case& one : cases)
    if (const auto difference = machine_difference(running, one.topology)) refuse(entry, one.id, *difference);
  for (const Case& one : cases)
    if (const auto missing = missing_stage(one.topology, entry.plan)) refuse(entry, one.id, *missing);
  // The legs switch what the cases ask for. Everything else is to be as a fresh lab of these cases has it.
  control::Cases around{live_steps(running, as_configured(cases.front().topology), entry.plan)};
  around.after = steps_back(running, cases);
  return std::make_unique<RunningLab>(std::move(lab), cases.front().id, std::move(around));
}

}  // namespace offlab
