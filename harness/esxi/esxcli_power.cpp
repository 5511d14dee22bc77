#include "esxi/esxcli_power.h"

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

#include "base/error.h"
#include "base/shell_words.h"
#include "esxi/host_command.h"

namespace offlab {
namespace {

using std::chrono::seconds;

constexpr seconds answer_limit{30};
constexpr std::chrono::milliseconds between_looks{1000};

}  // namespace

std::string EsxcliPower::run(const std::string& command, const std::stop_token& stop) {
  return run_on_host(shell_, host_, command, command, Deadline(command + " on " + host_, answer_limit, clock_), stop);
}

bool EsxcliPower::runs(unsigned id, const std::stop_token& stop) {
  return parse_power_state(run(fmt::format("vim-cmd vmsvc/power.getstate {}", id), stop));
}

std::vector<HostMachine> EsxcliPower::machines(const std::string&, const std::stop_token& stop) {
  std::vector<HostMachine> machines;
  for (const ListedMachine& one : parse_all_machines(run("vim-cmd vmsvc/getallvms", stop)))
    machines.push_back({one.name, runs(one.id, stop),
                        parse_devices(run(fmt::format("vim-cmd vmsvc/device.getdevices {}", one.id), stop))});
  return machines;
}

unsigned EsxcliPower::id_of(const std::string& machine, const std::stop_token& stop) {
  const auto all = parse_all_machines(run("vim-cmd vmsvc/getallvms", stop));
  const auto is_it = [&](const ListedMachine& one) { return one.name == machine; };
  const auto found = std::find_if(all.begin(), all.end(), is_it);
  if (found == all.end()) throw Error(fmt::format("{} has no virtual machine '{}'", host_, machine));
  if (std::count_if(all.begin(), all.end(), is_it) > 1)
    throw Error(fmt::format("{} has several virtual machines '{}'", host_, machine), "give them different names");
  return found->id;
}

void EsxcliPower::stop_machine(const std::string&, const std::string& machine, const Deadline& deadline,
                               const std::stop_token& stop) {
  const unsigned id = id_of(machine, stop);
  if (!runs(id, stop)) return;
  with_frame(fmt::format("'{}' cannot be shut down; does VMware Tools run in it?", machine),
             [&] { run(fmt::format("vim-cmd vmsvc/power.shutdown {}", id), stop); });
  while (runs(id, stop)) wait_a_little(deadline, stop);
}

void EsxcliPower::start_machine(const std::string&, const std::string& machine, const std::stop_token& stop) {
  const unsigned id = id_of(machine, stop);
  if (!runs(id, stop)) run(fmt::format("vim-cmd vmsvc/power.on {}", id), stop);
}

void EsxcliPower::set_maintenance(bool on, const Deadline& deadline, const std::stop_token& stop) {
  const std::string wanted = on ? "Enabled" : "Disabled";
  const auto is_so = [&] {
    return without_last_ends_of_line(run("esxcli system maintenanceMode get", stop)) == wanted;
  };
  if (is_so()) return;
  run(fmt::format("esxcli system maintenanceMode set -e {}", on), stop);
  while (!is_so()) wait_a_little(deadline, stop);
}

void EsxcliPower::enter_maintenance(const std::string&, const Deadline& deadline, const std::stop_token& stop) {
  set_maintenance(true, deadline, stop);
}

void EsxcliPower::leave_maintenance(const std::string&, const Deadline& deadline, const std::stop_token& stop) {
  set_maintenance(false, deadline, stop);
}

std::int64_t EsxcliPower::uptime_us(const std::stop_token& stop) {
  const std::string text = without_last_ends_of_line(run("esxcli system stats uptime get", stop));
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw Error(fmt::format("{}: 'esxcli system stats uptime get' says '{}', which is no number", host_, text));
  return value;
}

EsxcliPower::Uptime EsxcliPower::uptime(const std::stop_token& stop) {
  Uptime seen{.asked = clock_.now()};
  seen.up = std::chrono::microseconds(uptime_us(stop));
  seen.answered = clock_.now();
  return seen;
}

// A host that was not rebooted has been up for longer by the time between two answers, at least. One that was up for a
// moment only may be up for longer than that by the time it is looked at again.
bool EsxcliPower::is_rebooted(const Uptime& before, const Uptime& after) {
  constexpr std::chrono::milliseconds drift{100};
  return after.up - before.up < after.asked - before.answered - drift;
}

void EsxcliPower::wait_a_little(const Deadline& deadline, const std::stop_token& stop) {
  deadline.check(stop);
  clock_.wait_until(clock_.now() + deadline.left(between_looks), stop);
}

// While it is down, nobody answers.
void EsxcliPower::wait_until(const std::function<bool(const Uptime&)>& is_up, const Deadline& deadline,
                             const std::stop_token& stop) {
  for (;; wait_a_little(deadline, stop)) try {
      shell_.connect(host_, Deadline("ssh on " + host_, deadline.left(answer_limit), clock_), stop);
      if (is_up(uptime(stop))) return;
    } catch (const AccessRefused&) {
      throw;
    } catch (const Error&) {
      continue;
    }
}

// `esxcli system shutdown reboot` is refused outside of maintenance mode.
void EsxcliPower::reboot(const std::string&, const Deadline& deadline, const std::stop_token& stop) {
  const Uptime before = uptime(stop);
  const bool maintenance = without_last_ends_of_line(run("esxcli system maintenanceMode get", stop)) == "Enabled";
  run(maintenance ? "esxcli system shutdown reboot -d 10 -r 'offlab: settings of LRO'" : "reboot", stop);
  wait_a_little(deadline, stop);
  wait_until([&](const Uptime& now) { return is_rebooted(before, now); }, deadline, stop);
}

void EsxcliPower::await(const std::string&, const Deadline& deadline, const std::stop_token& stop) {
  wait_until([](const Uptime&) { return true; }, deadline, stop);
}

}  // namespace offlab
