#include "esxi/host_change.h"

#include <algorithm>
#include <map>

#include <fmt/ranges.h>

#include "base/error.h"

namespace offlab {

Clock::Duration as_wait(double seconds) {
  return std::chrono::duration_cast<Clock::Duration>(Seconds(seconds));
}

Deadline HostChange::machine_deadline(const std::string& what) const {
  return {what, as_wait(how_.machine_seconds), clock_};
}

Deadline HostChange::host_deadline(const std::string& what) const {
  return {what, as_wait(how_.host_seconds), clock_};
}

bool HostChange::is_ours(const std::string& machine) const {
  return std::find(how_.machines.begin(), how_.machines.end(), machine) != how_.machines.end();
}

void HostChange::check_others(const std::string& host, const std::vector<HostMachine>& machines) const {
  std::vector<std::string> others;
  for (const HostMachine& one : machines)
    if (one.runs && !is_ours(one.name)) others.push_back("'" + one.name + "'");
  if (how_.reboot == EsxiReboot::host_reboot && !others.empty())
    throw Error(fmt::format("{} is not rebooted: {} {} there, and not the lab's", host, fmt::join(others, ", "),
                            others.size() == 1 ? "runs" : "run"),
                "stop or move them, or name them in 'machines' of [switch]");
}

bool HostChange::has(std::int64_t value) {
  for (const std::string& host : settings_.hosts())
    for (const EsxiSetting& one : settings_.read(host, lro_keys()))
      if (one.value && *one.value != value) return false;
  return true;
}

std::vector<std::string> HostChange::impacts() {
  std::vector<std::string> all;
  for (const std::string& host : settings_.hosts())
    for (const EsxiSetting& one : settings_.read(host, lro_keys()))
      if (!one.impact.empty() && one.impact != "none")
        all.push_back(fmt::format("{} on {}: {}", one.key, host, one.impact));
  return all;
}

// Before anything is changed. A name with a mistake in it would make a machine one of the others.
void HostChange::check_all_machines(const std::stop_token& stop) {
  std::map<std::string, std::vector<HostMachine>> machines;  // by host
  std::set<std::string> there;
  for (const std::string& host : settings_.hosts())
    for (const HostMachine& one : machines[host] = power_.machines(host, stop)) there.insert(one.name);
  for (const std::string& name : how_.machines)
    if (there.count(name) == 0)
      throw Error(fmt::format("there is no virtual machine '{}' on {}", name, fmt::join(settings_.hosts(), ", ")),
                  "offlab host vm list; 'machines' of [switch] has their names");
  for (const auto& [host, all] : machines) check_others(host, all);
}

void HostChange::stop_machines(const std::string& host, const std::stop_token& stop) {
  for (const HostMachine& one : power_.machines(host, stop)) {
    if (!one.runs || !is_ours(one.name)) continue;
    listener_.on_step(fmt::format("{}: '{}' shuts down", host, one.name));
    journal_.stops({host, one.name});
    power_.stop_machine(host, one.name, machine_deadline(fmt::format("'{}' on {} to shut down", one.name, host)), stop);
  }
}

void HostChange::start_machines(const std::string& host, const std::stop_token& stop) {
  const std::set<StoppedMachine> stopped = journal_.stopped();
  for (const StoppedMachine& one : stopped) {
    if (one.host != host) continue;
    listener_.on_step(fmt::format("{}: '{}' starts", host, one.name));
    power_.start_machine(host, one.name, stop);
    journal_.started(one);
  }
}

void HostChange::leave_maintenance(const std::string& host, const std::stop_token& stop) {
  if (journal_.in_maintenance().count(host) == 0) return;
  power_.leave_maintenance(host, host_deadline(host + " to leave maintenance mode"), stop);
  journal_.left_maintenance(host);
}

// Machines that were stopped, and a host that was not rebooted yet, do not have what is stored.
void HostChange::put_into_force(const std::string& host, const std::stop_token& stop) {
  if (how_.reboot == EsxiReboot::none) return;
  ++reboots_;
  stop_machines(host, stop);
  if (how_.reboot == EsxiReboot::host_reboot) {
    if (how_.maintenance) {
      journal_.enters_maintenance(host);
      power_.enter_maintenance(host, host_deadline(host + " to enter maintenance mode"), stop);
    }
    listener_.on_step(fmt::format("{} reboots: at most {:.0f} s", host, how_.host_seconds));
    journal_.reboots(host);
    power_.reboot(host, host_deadline(host + " to come up again"), stop);
    leave_maintenance(host, stop);
  }
  journal_.reboots(host);
  start_machines(host, stop);
}

// Whoever is interrupted meanwhile leaves it to the next start.
void HostChange::undo(const std::string& why) {
  if (const std::vector<std::string> left = give_back({}); !left.empty())
    throw Error(fmt::format("{}; not brought back: {}", why, fmt::join(left, "; ")),
                "`offlab host lro restore` tries it again");
}

void HostChange::switch_to(std::int64_t value, const std::stop_token& stop) {
  if (how_.reboot != EsxiReboot::none) check_all_machines(stop);
  journal_.begin();
  try {
    for (const std::string& host : switch_settings(settings_, journal_, lro_keys(), value, stop, listener_.on_setting))
      put_into_force(host, stop);
  } catch (const Interrupted&) {
    undo("interrupted");
    throw;
  } catch (const Error& error) {
    undo(error.what());
    throw Error(fmt::format("{}; everything else is as it was", error.what()), error.remedy());
  }
  if (journal_.is_empty())
    journal_.close();
  else
    journal_.finish();
}

void HostChange::give_back_host(const std::string& host, const std::stop_token& stop) {
  leave_maintenance(host, stop);
  const auto& saved = journal_.saved();
  const bool is_restored =
      std::none_of(saved.begin(), saved.end(), [&](const SavedSetting& one) { return one.host == host; });
  if (is_restored && journal_.in_force().count(host) != 0) {
    check_others(host, power_.machines(host, stop));
    put_into_force(host, stop);
    journal_.is_as_it_was(host);
  }
  start_machines(host, stop);
}

std::vector<std::string> HostChange::give_back(const std::stop_token& stop) {
  constexpr std::chrono::seconds under_way{2};
  if (journal_.was_cut_off()) clock_.wait_until(clock_.now() + under_way, stop);
  std::set<std::string> hosts = journal_.in_force();
  for (const SavedSetting& one : journal_.saved()) hosts.insert(one.host);
  for (const StoppedMachine& one : journal_.stopped()) hosts.insert(one.host);
  hosts.insert(journal_.in_maintenance().begin(), journal_.in_maintenance().end());
  std::vector<std::string> left;
  // A host that reboots is waited for: nothing can be asked of it before.
  for (const std::string& host : journal_.in_force()) try {
      power_.await(host, host_deadline(host + " to answer"), stop);
    } catch (const Error& error) {
      left.emplace_back(error.what());
    }
  if (!left.empty()) return left;
  left = restore_settings(settings_, journal_, listener_.on_setting);
  for (const std::string& host : hosts) try {
      give_back_host(host, stop);
    } catch (const Error& error) {
      left.push_back(fmt::format("{}: {}", host, error.what()));
    }
  if (journal_.is_empty()) journal_.close();
  return left;
}

}  // namespace offlab
