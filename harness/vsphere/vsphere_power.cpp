#include "vsphere/vsphere_power.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/error.h"
#include "vsphere/ethernet_cards.h"

namespace offlab {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds between_looks{500};
constexpr std::chrono::seconds task_limit{120};

pugi::xml_node value_in(const SoapAnswer& answer) {
  const pugi::xml_node object = child_named(child_named(answer.response(), "returnval"), "objects");
  return child_named(child_named(object, "propSet"), "val");
}

bool is_on(FoundObject& one) {
  return one.texts["runtime.powerState"] == "poweredOn";
}

}  // namespace

void VspherePower::wait_a_little(const Deadline& deadline, const std::stop_token& stop) {
  deadline.check(stop);
  clock_.wait_until(clock_.now() + deadline.left(between_looks), stop);
}

std::vector<HostMachine> VspherePower::machines(const std::string& host, const std::stop_token&) {
  on_request_();
  const std::string system = hosts_.system_of(host).id;
  std::vector<HostMachine> machines;
  for (FoundObject& one : session_.find("VirtualMachine", {"name", "runtime.powerState", "runtime.host"})) {
    if (one.references["runtime.host"].id != system) continue;
    const SoapAnswer devices = session_.property(one.object, "config.hardware.device");
    machines.push_back({one.texts["name"], is_on(one), ethernet_cards(value_in(devices))});
    for (HostNic& nic : machines.back().nics) name_port_group(nic);
  }
  return machines;
}

// A distributed switch's port group is told by its key.
void VspherePower::name_port_group(HostNic& nic) {
  if (!nic.network.starts_with("dvportgroup-")) return;
  const SoapAnswer answer = session_.property({"DistributedVirtualPortgroup", nic.network}, "name");
  if (const std::string name = value_in(answer).text().get(); !name.empty()) nic.network = name;
}

VspherePower::Found VspherePower::machine_named(const std::string& host, const std::string& name) {
  on_request_();
  const std::string system = hosts_.system_of(host).id;
  std::vector<Found> found;
  for (FoundObject& one : session_.find("VirtualMachine", {"name", "runtime.powerState", "runtime.host"}))
    if (one.texts["name"] == name && one.references["runtime.host"].id == system)
      found.push_back({one.object, is_on(one)});
  if (found.empty()) throw Error(fmt::format("{} has no virtual machine '{}'", host, name));
  if (found.size() > 1)
    throw Error(fmt::format("{} has several virtual machines '{}'", host, name), "give them different names");
  return found.front();
}

// A task goes on at the server; its end is asked for.
void VspherePower::perform(const std::string& method, const ManagedObject& object, const std::string& arguments,
                           const Deadline& deadline, const std::stop_token& stop) {
  on_request_();
  const SoapAnswer answer = session_.require(method, object, arguments);
  const pugi::xml_node returned = child_named(answer.response(), "returnval");
  const ManagedObject task{returned.attribute("type").value(), returned.text().get()};
  if (task.type != "Task") throw Error(fmt::format("{}: {} gives no task", session_.name(), method));
  while (true) {
    on_request_();
    const SoapAnswer seen = session_.property(task, "info");
    const pugi::xml_node info = value_in(seen);
    const std::string state = text_of(info, "state");
    if (state == "success") return;
    if (state == "error")
      throw Error(
          fmt::format("{}: {}: {}", session_.name(), method, text_of(child_named(info, "error"), "localizedMessage")));
    wait_a_little(deadline, stop);
  }
}

void VspherePower::stop_machine(const std::string& host, const std::string& machine, const Deadline& deadline,
                                const std::stop_token& stop) {
  const Found found = machine_named(host, machine);
  if (!found.runs) return;
  with_frame(fmt::format("'{}' cannot be shut down; does VMware Tools run in it?", machine),
             [&] { session_.require("ShutdownGuest", found.object, ""); });
  while (machine_named(host, machine).runs) wait_a_little(deadline, stop);
}

void VspherePower::start_machine(const std::string& host, const std::string& machine, const std::stop_token& stop) {
  const Found found = machine_named(host, machine);
  if (!found.runs)
    perform("PowerOnVM_Task", found.object, "", Deadline("start of " + machine, task_limit, clock_), stop);
}

void VspherePower::set_maintenance(bool on, const std::string& host, const Deadline& deadline,
                                   const std::stop_token& stop) {
  on_request_();
  const ManagedObject& system = hosts_.system_of(host);
  const SoapAnswer answer = session_.property(system, "runtime.inMaintenanceMode");
  if ((std::string_view(value_in(answer).text().get()) == "true") == on) return;
  const auto left = std::chrono::duration_cast<std::chrono::seconds>(deadline.left()).count();
  perform(on ? "EnterMaintenanceMode_Task" : "ExitMaintenanceMode_Task", system,
          fmt::format("<timeout>{}</timeout>", left), deadline, stop);
}

void VspherePower::enter_maintenance(const std::string& host, const Deadline& deadline, const std::stop_token& stop) {
  set_maintenance(true, host, deadline, stop);
}

void VspherePower::leave_maintenance(const std::string& host, const Deadline& deadline, const std::stop_token& stop) {
  set_maintenance(false, host, deadline, stop);
}

std::string VspherePower::boot_time(const std::string& host) {
  on_request_();
  const SoapAnswer answer = session_.property(hosts_.system_of(host), "runtime.bootTime");
  return value_in(answer).text().get();
}

// An ESXi host takes its API along when it goes down; a vCenter goes on to answer for it.
void VspherePower::reboot(const std::string& host, const Deadline& deadline, const std::stop_token& stop) {
  const std::string before = boot_time(host);
  if (before.empty()) throw Error(fmt::format("{} does not tell when it booted: nobody could see a reboot end", host));
  on_request_();
  session_.require("RebootHost_Task", hosts_.system_of(host), "<force>false</force>");
  while (true) {
    wait_a_little(deadline, stop);
    try {
      on_request_();
      const std::string now = boot_time(host);
      const SoapAnswer state = session_.property(hosts_.system_of(host), "runtime.connectionState");
      if (!now.empty() && now != before && std::string_view(value_in(state).text().get()) == "connected") return;
    } catch (const Error&) {
      continue;  // it is down
    }
  }
}

void VspherePower::await(const std::string& host, const Deadline& deadline, const std::stop_token& stop) {
  while (true) try {
      boot_time(host);
      return;
    } catch (const Error&) {
      wait_a_little(deadline, stop);
    }
}

}  // namespace offlab
