// A change of hosts' settings as a whole: the settings, what puts them into force, and the way back.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "esxi/switch_settings.h"
#include "model/esxi_host.h"
#include "port/host_power.h"

namespace offlab {

struct ChangeListener {
  SettingListener on_setting;
  std::function<void(const std::string& text)> on_step;  // "esx-1 reboots, at most 1200 s"
};

class HostChange {
 public:
  // `journal`: with what an earlier change left. All must outlive it.
  HostChange(HostSettings& settings, HostPower& power, SettingsJournal& journal, const EsxiSwitch& how, Clock& clock,
             ChangeListener listener)
      : settings_(settings),
        power_(power),
        journal_(journal),
        how_(how),
        clock_(clock),
        listener_(std::move(listener)) {}

  // The five settings of every host get this value, and come into force as `how` says. Where that fails, or at a stop,
  // everything goes back. Nothing is changed where machines that are not the lab's would have to stop. Throws Error,
  // with what could not be brought back, and Interrupted.
  void switch_to(std::int64_t value, const std::stop_token& stop);
  // All as it was before the first change. Gives what could not be brought back, with why; it stays in the journal.
  std::vector<std::string> give_back(const std::stop_token& stop);

  // Do all hosts have this value in each of the five that they have?
  bool has(std::int64_t value);
  // What the hosts say that a change takes, where they do: "Net.Vmxnet3HwLRO on esx-1: reboot".
  std::vector<std::string> impacts();

  // How often hosts, or their machines, were stopped and started.
  unsigned reboots() const { return reboots_; }

 private:
  Deadline machine_deadline(const std::string& what) const;
  Deadline host_deadline(const std::string& what) const;
  bool is_ours(const std::string& machine) const;
  void check_others(const std::string& host, const std::vector<HostMachine>& machines) const;
  void check_all_machines(const std::stop_token& stop);
  void put_into_force(const std::string& host, const std::stop_token& stop);
  void stop_machines(const std::string& host, const std::stop_token& stop);
  void start_machines(const std::string& host, const std::stop_token& stop);
  void leave_maintenance(const std::string& host, const std::stop_token& stop);
  void give_back_host(const std::string& host, const std::stop_token& stop);
  // What was changed goes back. Throws Error with what could not be brought back, and why this was done.
  void undo(const std::string& why);

  HostSettings& settings_;
  HostPower& power_;
  SettingsJournal& journal_;
  const EsxiSwitch& how_;
  Clock& clock_;
  ChangeListener listener_;
  unsigned reboots_ = 0;
};

// Seconds of an EsxiSwitch.
Clock::Duration as_wait(double seconds);

}  // namespace offlab
