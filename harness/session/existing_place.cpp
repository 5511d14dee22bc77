#include "session/existing_place.h"

#include <algorithm>

#include <fmt/ranges.h>

#include "base/error.h"
#include "base/usage_error.h"
#include "base/version.h"
#include "executor/lab_process.h"
#include "family/guest_family.h"
#include "model/esxi_setting.h"
#include "model/esxi_time.h"
#include "session/esxi_host.h"
#include "session/paths.h"

namespace offlab {
namespace {

// Tells whether its lab came up.
class WatchedLab : public LabSession {
 public:
  WatchedLab(std::unique_ptr<LabSession> lab, bool& came_up) : lab_(std::move(lab)), came_up_(came_up) {}
  ~WatchedLab() override { came_up_ = lab_->came_up(); }
  WatchedLab(const WatchedLab&) = delete;
  WatchedLab& operator=(const WatchedLab&) = delete;

  void begin(const CasePlan& plan) override { lab_->begin(plan); }
  CaseRecord perform(const CasePlan& plan) override { return lab_->perform(plan); }
  bool came_up() const override { return lab_->came_up(); }
  bool usable() const override { return lab_->usable(); }
  bool was_worn_before() const override { return lab_->was_worn_before(); }

 private:
  std::unique_ptr<LabSession> lab_;
  bool& came_up_;
};

// The hosts get what each lab wants of them before it starts, and what they had when the run is over. A change may be a
// reboot: nothing is changed for machines that cannot be used.
class LabsOnHosts : public LabStarter {
 public:
  LabsOnHosts(std::unique_ptr<LabStarter> labs, std::unique_ptr<HostLroControl> hosts, LabChecker check,
              std::stop_token stop)
      : hosts_(std::move(hosts)), labs_(std::move(labs)), check_(std::move(check)), stop_(std::move(stop)) {}
  ~LabsOnHosts() override { hosts_->give_back(); }
  LabsOnHosts(const LabsOnHosts&) = delete;
  LabsOnHosts& operator=(const LabsOnHosts&) = delete;

  std::unique_ptr<LabSession> start(const LabPlan& plan, unsigned attempt) override {
    if (plan.host_lro) prepare(plan);
    return std::make_unique<WatchedLab>(labs_->start(plan, attempt), last_came_up_);
  }

 private:
  void prepare(const LabPlan& plan) {
    if (!last_came_up_ && !begun_.empty() && begun_ != plan.name)
      throw Error(fmt::format("the hosts are not changed again: the machines of {} could not be used", begun_));
    if (begun_.empty()) check_(plan, stop_);
    begun_ = plan.name;
    std::vector<std::pair<std::string, MachineLogin>> machines;
    for (const NodePlan& node : plan.nodes) machines.emplace_back(node.name, *node.existing);
    last_came_up_ = false;
    hosts_->bring_to(*plan.host_lro, machines);
  }

  std::unique_ptr<HostLroControl> hosts_;
  std::unique_ptr<LabStarter> labs_;
  LabChecker check_;
  std::stop_token stop_;
  std::string begun_;  // the lab that they were prepared for
  bool last_came_up_ = false;
};

class ExistingMachines : public RunPlaceFinder {
 public:
  ExistingMachines(HostLroMaker make_hosts, LabChecker check)
      : make_hosts_(std::move(make_hosts)), check_(std::move(check)) {}
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
      place.labs.back() =
          std::make_unique<LabsOnHosts>(std::move(place.labs.back()), make_hosts_(observer, stop), check_, stop);
    return place;
  }

 private:
  HostLroMaker make_hosts_;
  LabChecker check_;
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

// MTUs are switched by commands, which do nothing where it is so already.
void add_mtus(std::vector<std::string>& lines, const NodePlan& node, const LegPlan& leg) {
  for (const NicIntent& nic : leg.intent.nics)
    if (nic.nic.node == node.name && node.switched.mtus.count(nic.device) != 0)
      add_once(lines,
               fmt::format("{}: {}", node.name, family_of(node.existing->system).set_mtu(nic.device, nic.mtu.bytes)));
}

}  // namespace

std::unique_ptr<RunPlaceFinder> existing_machines(HostLroMaker make_hosts, LabChecker check) {
  return std::make_unique<ExistingMachines>(std::move(make_hosts), std::move(check));
}

// Who knows what the hosts have? They end as they began, so with both values there are two changes whatever it is.
std::string host_changes(const RunPlan& plan) {
  std::vector<const HostLro*> wanted;
  for (const LabPlan& lab : plan.labs)
    if (lab.host_lro) wanted.push_back(&*lab.host_lro);
  if (wanted.empty()) return "";
  std::size_t changes = 0;
  for (std::size_t i = 1; i < wanted.size(); ++i)
    if (wanted[i]->on != wanted[i - 1]->on) ++changes;
  const bool same_ends = wanted.front()->on == wanted.back()->on;
  const EsxiSwitch& how = wanted.front()->change;
  const std::string what = how.reboot == EsxiReboot::host_reboot      ? "reboots of each host"
                           : how.reboot == EsxiReboot::vm_power_cycle ? "power cycles of the virtual machines"
                                                                      : "changes of the settings, and no reboot";
  const std::string number = same_ends ? fmt::format("{} or {}", changes, changes + 2) : std::to_string(changes + 1);
  const double most = static_cast<double>(same_ends ? changes + 2 : changes + 1) * longest_seconds(how) / 60;
  return fmt::format("hosts of {}: {} {}{}, the way back included", wanted.front()->file, number, what,
                     most > 0 ? fmt::format(", at most {:.0f} min in all", most) : std::string());
}

std::vector<std::string> changes_of_hosts(const HostLro& lro) {
  const std::string name = load_esxi_host(lro.file).address();
  std::vector<std::string> lines = {fmt::format("{}: {} = {}", name, fmt::join(lro_keys(), ", "), lro.on ? 1 : 0)};
  if (lro.change.reboot != EsxiReboot::none)
    lines.push_back(fmt::format("{}: shuts down and starts {}", name, fmt::join(lro.change.machines, ", ")));
  if (lro.change.reboot == EsxiReboot::host_reboot)
    lines.push_back(fmt::format("{}: reboots{}", name, lro.change.maintenance ? ", in maintenance mode" : ""));
  return lines;
}

std::vector<std::string> changes_on_existing(const RunPlan& plan) {
  std::vector<std::string> lines;
  for (const LabPlan& lab : plan.labs) {
    if (lab.host_lro)
      for (std::string& line : changes_of_hosts(*lab.host_lro)) add_once(lines, std::move(line));
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
