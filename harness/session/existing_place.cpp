#include "session/existing_place.h"

#include <algorithm>

#include <fmt/ranges.h>

#include "base/usage_error.h"
#include "base/version.h"
#include "executor/lab_process.h"
#include "family/guest_family.h"
#include "model/esxi_setting.h"
#include "session/esxi_host.h"
#include "session/paths.h"

namespace offlab {
namespace {

// The hosts get what each lab wants of them before it starts, and what they had when the run is over.
class LabsOnHosts : public LabStarter {
 public:
  LabsOnHosts(std::unique_ptr<LabStarter> labs, std::unique_ptr<HostLroControl> hosts)
      : hosts_(std::move(hosts)), labs_(std::move(labs)) {}
  ~LabsOnHosts() override { hosts_->give_back(); }
  LabsOnHosts(const LabsOnHosts&) = delete;
  LabsOnHosts& operator=(const LabsOnHosts&) = delete;

  std::unique_ptr<LabSession> start(const LabPlan& plan, unsigned attempt) override {
    std::vector<std::pair<std::string, MachineLogin>> machines;
    for (const NodePlan& node : plan.nodes) machines.emplace_back(node.name, *node.existing);
    if (plan.host_lro) hosts_->bring_to(*plan.host_lro, machines);
    return labs_->start(plan, attempt);
  }

 private:
  std::unique_ptr<HostLroControl> hosts_;
  std::unique_ptr<LabStarter> labs_;
};

class ExistingMachines : public RunPlaceFinder {
 public:
  explicit ExistingMachines(HostLroMaker make_hosts) : make_hosts_(std::move(make_hosts)) {}
  Observability observable() const override { return {}; }  // each plan says what its machines show
  bool makes_machines() const override { return false; }

  void accept(const RunPlan& plan) override {
    if (!std::all_of(plan.labs.begin(), plan.labs.end(), [](const LabPlan& lab) { return is_existing(lab); }))
      throw UsageError("error: the run's machines are to be made, and do not exist\n");
  }

  RunPlace prepare(const RunPlan& plan, const RunFolder& folder, Observer& observer,
                   const std::stop_token& stop) override {
    RunPlace place;
    place.environment.host["machines"] = "existing";
    place.environment.host["offlab"] = program_version();
    place.environment.started = utc_now();
    LabProcessOptions options{.run_folder = folder.path(), .cache_folder = cache_folder()};
    options.isolation = Isolation::none;
    options.tool = shipped_file("offlab-state");
    options.tool_fallback = shipped_file("guest-images/offlab-state.sh");
    for (const LabPlan& lab : plan.labs) options.environments[lab.name] = place.environment;
    place.labs.push_back(std::make_unique<LabProcessStarter>(std::move(options), observer, stop));
    if (std::any_of(plan.labs.begin(), plan.labs.end(), [](const LabPlan& lab) { return lab.host_lro.has_value(); }))
      place.labs.back() = std::make_unique<LabsOnHosts>(std::move(place.labs.back()), make_hosts_(observer, stop));
    return place;
  }

 private:
  HostLroMaker make_hosts_;
};

void add_once(std::vector<std::string>& lines, std::string line) {
  if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(std::move(line));
}

void add_changes(std::vector<std::string>& lines, const step::NodeSettings& node) {
  const GuestFamily& family = family_of(node.system);
  for (const auto& [device, features] : node.features)
    for (const auto& [feature, on] : features)
      if (on)
        if (const std::string word = family.offload_word(short_feature(feature), *on); !word.empty())
          add_once(lines, fmt::format("{}: {} {} {}", node.node, family.switch_offloads(), device, word));
  for (const step::SetValue& value : node.values)
    if (value.value) add_once(lines, fmt::format("{}: {} = {}", node.node, value.file.name, *value.value));
}

void add_hosts(std::vector<std::string>& lines, const HostLro& lro) {
  const std::string name = load_esxi_host(lro.file).address();
  std::string keys;
  for (const EsxiSettingRow& row : esxi_settings)
    if (row.is_lro) keys += (keys.empty() ? "" : ", ") + std::string(row.key);
  add_once(lines, fmt::format("{}: {} = {}", name, keys, lro.on ? 1 : 0));
  const std::string machines = fmt::format("{}", fmt::join(lro.change.machines, ", "));
  if (lro.change.reboot != EsxiReboot::none)
    add_once(lines, fmt::format("{}: shuts down and starts {}", name, machines));
  if (lro.change.reboot == EsxiReboot::host_reboot)
    add_once(lines, fmt::format("{}: reboots{}", name, lro.change.maintenance ? ", in maintenance mode" : ""));
}

// MTUs are switched by commands, which do nothing where it is so already.
void add_mtus(std::vector<std::string>& lines, const NodePlan& node, const LegPlan& leg) {
  for (const NicIntent& nic : leg.intent.nics)
    if (nic.nic.node == node.name && node.switched.mtus.count(nic.device) != 0)
      add_once(lines,
               fmt::format("{}: {}", node.name, family_of(node.existing->system).set_mtu(nic.device, nic.mtu.bytes)));
}

}  // namespace

std::unique_ptr<RunPlaceFinder> existing_machines(HostLroMaker make_hosts) {
  return std::make_unique<ExistingMachines>(std::move(make_hosts));
}

std::vector<std::string> changes_on_existing(const RunPlan& plan) {
  std::vector<std::string> lines;
  for (const LabPlan& lab : plan.labs) {
    if (lab.host_lro) add_hosts(lines, *lab.host_lro);
    for (const CasePlan& one : lab.cases)
      for (const LegPlan& leg : one.legs) {
        for (const NodePlan& node : lab.nodes) add_mtus(lines, node, leg);
        for (const Step& step : leg.steps)
          if (const auto* apply = std::get_if<step::ApplySettings>(&step))
            for (const step::NodeSettings& node : apply->nodes) add_changes(lines, node);
      }
  }
  return lines;
}

}  // namespace offlab
