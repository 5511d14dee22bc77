#include "lab/lab.h"

#include <algorithm>
#include <functional>
#include <set>

#include <fmt/core.h>

#include "base/error.h"
#include "lab/configure_node.h"
#include "lab/disk_guest.h"
#include "lab/leg_runner.h"
#include "lab/parallel.h"
#include "lab/serial_log.h"
#include "lab/tap_word.h"
#include "plan/deadlines.h"
#include "plan/management.h"

namespace offlab {
namespace {

constexpr const char* management_bridge = "mgmt";
constexpr unsigned management_slot = 29;  // on the PCI bus of a guest with a system of its own

// What a system of a user's must do to be reached.
std::string way_to(const DiskImage& disk) {
  const char* otherwise = "; boot_deadline in the recipe gives it more time";
  switch (disk.management.from) {
    case AddressFrom::link_local:
      return fmt::format("its system must have IPv6 and an SSH server on the management NIC ({}){}",
                         to_string(disk.management.model), otherwise);
    case AddressFrom::dhcp:
      return fmt::format(
          "its system must ask for an address by DHCP on the management NIC ({}), and have an SSH "
          "server there{}",
          to_string(disk.management.model), otherwise);
    case AddressFrom::fixed:
      return fmt::format("its system must have {}/{} on the management NIC ({}), and an SSH server there{}",
                         to_string(*disk.management.address), disk.management.length, to_string(disk.management.model),
                         otherwise);
  }
  return "";
}

std::string step_name(const Step& step) {
  const std::string text = describe(step);
  return text.substr(0, text.find('\n'));
}

}  // namespace

Lab::Lab(const LabPlan& plan, LabPorts ports, Accelerator accelerator, std::map<std::string, BootFiles> boot_files,
         std::filesystem::path logs, const std::stop_token& stop)
    : plan_(plan),
      ports_(ports),
      accelerator_(accelerator),
      boot_files_(std::move(boot_files)),
      logs_(std::move(logs)),
      outer_(stop),
      outer_stop_(stop, [this] { interrupt(); }),
      starter_(ports.hypervisor, ports.shell, ports.saved, ports.observer, ports.clock, stop_.get_token(),
               [this](const std::string& node) {
                 prepare_disk_guest(ports_.shell, ports_.clock, node, boot_files_.at(node).tool, ports_.observer,
                                    stop_.get_token());
               }) {
  ports_.hypervisor.on_stopped([this](const std::string& name, GuestEnd how) { guest_stopped(name, how); });
}

Lab::~Lab() {
  ports_.hypervisor.on_stopped(nullptr);
  for (const NodePlan& node : plan_.nodes) ports_.hypervisor.destroy(node.name);
}

void Lab::start() {
  if (!shows_all_of(ports_.observation.shows(), plan_.observable))
    throw Error(fmt::format("the plan of {} asks for more than can be seen here", plan_.name));
  guarded("networks", [&] { create_networks(); });
  guarded("boot", [&] { boot(); });
  guarded("configure", [&] { configure(); });
  ports_.observer.on(event::LabStage{event::lab_ready});
}

template <typename Body>
void Lab::guarded(const std::string& stage, Body&& body) {
  const auto died = [&] {
    const std::string tail = serial_tail(dead_node_);
    return Error(fmt::format("guest '{}' {} during {}; serial log {} ends: {}", dead_node_,
                             panic_line(tail).empty() ? dead_how_ : "panicked", stage, serial_log_name(dead_node_),
                             tail));
  };
  try {
    body();
  } catch (const Interrupted&) {
    const std::lock_guard lock(mutex_);
    if (dead_node_.empty()) throw;
    throw died();
  } catch (const Error&) {
    const std::lock_guard lock(mutex_);
    if (dead_node_.empty()) throw;
    throw died();
  }
}

void Lab::guest_stopped(const std::string& name, GuestEnd how) {
  if (starter_.takes_end_of(name)) return;
  const std::lock_guard lock(mutex_);
  if (!dead_node_.empty()) return;
  dead_node_ = name;
  dead_how_ = to_string(how);
  stop_.request_stop();
}

void Lab::create_networks() {
  if (is_existing(plan_)) return;
  ports_.observer.on(event::LabStage{"networks"});
  ports_.fabric.create_bridge(management_bridge, Mtu{1500}, true);
  std::set<std::string> hosts;
  for (const NodePlan& node : plan_.nodes)
    if (const auto addresses = management_addresses(plan_, node))
      hosts.insert(fmt::format("{}/{}", to_string(addresses->host), addresses->length));
  for (const std::string& host : hosts) ports_.fabric.add_address(management_bridge, host);
  for (const BridgePlan& bridge : plan_.bridges) ports_.fabric.create_bridge(bridge.name, bridge.mtu, false);
  for (const StagePlan& stage : plan_.stages) {
    const auto router_bridge = std::find_if(plan_.bridges.begin(), plan_.bridges.end(), [&](const BridgePlan& bridge) {
      return bridge.name == stage.router_bridge;
    });
    ports_.fabric.create_stage({.wire_bridge = stage.wire_bridge,
                                .wire_port = stage.wire_port,
                                .router_port = stage.router_port,
                                .router_bridge = stage.router_bridge,
                                .mtu = router_bridge->mtu});
  }
}

DomainSpec Lab::domain_spec(const NodePlan& node) const {
  const BootFiles& image = boot_files_.at(node.name);
  DomainSpec spec;
  spec.name = node.name;
  spec.accelerator = accelerator_;
  spec.vcpus = node.vcpus;
  spec.memory_mib = node.memory_mib;
  spec.kernel = image.kernel;
  spec.initrd = image.initrd;
  spec.command_line = "console=ttyS0 quiet panic=-1";
  spec.disk = image.disk;
  spec.serial_log = logs_ / (node.name + ".serial.log");
  spec.firmware_files = image.firmware_files;
  if (node.disk) spec.boot_limit = std::chrono::seconds(node.disk->boot_seconds);
  // A system of its own finds it behind the NICs that it knows.
  spec.nics.push_back({.bridge = management_bridge,
                       .tap = fmt::format("mgmt-{}", &node - plan_.nodes.data()),
                       .mac = node.management_mac,
                       .model = node.disk ? node.disk->management.model : NicModel::virtio,
                       .isolated = true,
                       .slot = node.disk ? std::optional(management_slot) : std::nullopt});
  for (const NicPlan& nic : node.nics)
    spec.nics.push_back({.bridge = nic.bridge,
                         .tap = nic.tap,
                         .mac = nic.mac,
                         .model = nic.model,
                         .host_offloads = nic.host_offloads,
                         .guest_offloads = nic.guest_offloads,
                         .queues = nic.queues,
                         .slot = nic.slot});
  return spec;
}

// They run already, and whoever starts the lab has logged in there. Nothing is changed but that they have offlab-state
// for a while.
void Lab::reach() {
  for_each_at_once(plan_.nodes, [&](const NodePlan& node) {
    with_frame(fmt::format("machine '{}' ({})", node.name, node.existing->address), [&] {
      prepare_machine(ports_.shell, ports_.clock, node, boot_files_.at(node.name).tool, ports_.observer,
                      stop_.get_token());
    });
  });
}

void Lab::boot() {
  if (is_existing(plan_)) return reach();
  ports_.observer.on(event::LabStage{"boot", accelerator_ == Accelerator::kvm ? "kvm" : "tcg"});
  for_each_at_once(plan_.nodes, [&](const NodePlan& node) {
    const DomainSpec spec = domain_spec(node);
    try {
      starter_.bring_up(spec);
    } catch (AccessRefused& refused) {
      refused.add_frame(fmt::format("node '{}'", node.name));
      throw;
    } catch (Error& error) {
      error.add_frame(fmt::format("node '{}' did not come up; serial log {} ends: {}", node.name,
                                  serial_log_name(node.name), serial_tail(node.name)));
      if (!node.disk || !error.remedy().empty()) throw;
      throw Error(error.what(), way_to(*node.disk));
    }
  });
  check_taps();
}

void Lab::check_taps() {
  if (!plan_.observable.tap_states) return;
  for (const NodePlan& node : plan_.nodes)
    for (const NicPlan& nic : node.nics) {
      if (!row_of(nic.model).segmentation_header) continue;
      if ((ports_.observation.tap_state(nic.tap).tun_flags & tap_has_vnet_header) == 0)
        throw Error(fmt::format("tap '{}' of a {} NIC has no vnet_hdr: QEMU would IP-fragment the guest's large frames "
                                "itself, and no verdict would be about the router",
                                nic.tap, to_string(nic.model)),
                    "use libvirt 9.0 or newer");
    }
}

void Lab::configure() {
  ports_.observer.on(event::LabStage{"configure"});
  std::mutex mutex;
  for_each_at_once(plan_.nodes, [&](const NodePlan& node) {
    for (auto& [nic, text] :
         configure_node(plan_, node, ports_.shell, ports_.clock, ports_.observer, stop_.get_token())) {
      const std::lock_guard lock(mutex);
      baseline_[nic] = std::move(text);
    }
  });
}

void Lab::perform(const CasePlan& of, const LegPlan& leg, const std::filesystem::path& folder, LegObservation& seen) {
  const std::string role = leg_name(leg.role, leg.round);
  seen.baseline = baseline_;
  guarded(fmt::format("case '{}', {}", of.id, role), [&] {
    try {
      LegRunner runner(plan_, of, leg, ports_, folder, stop_.get_token(), seen, memory_);
      for (const Step& step : leg.steps) {
        ports_.observer.on(event::StepStarted{of.id, role, step_name(step)});
        std::visit([&](const auto& one) { runner(one); }, step);
      }
    } catch (Error& error) {
      const std::string silent = silent_nodes();
      if (!silent.empty()) error.add_frame(silent);
      throw;
    }
  });
}

// As the run folder has it: inside the lab's namespaces that is elsewhere.
std::string Lab::serial_log_name(const std::string& node) const {
  std::error_code ignored;
  const std::filesystem::path logs = std::filesystem::weakly_canonical(logs_, ignored);
  return logs.parent_path().filename() / logs.filename() / (node + ".serial.log");
}

std::string Lab::serial_tail(const std::string& node) const {
  return offlab::serial_tail(logs_ / (node + ".serial.log"));
}

void Lab::visit(const std::string& stage, const std::function<void(const Access&)>& action) {
  memory_.known.clear();  // whatever is done there may change them
  guarded(stage, [&] {
    if (stop_.stop_requested()) throw Interrupted();
    action({plan_, ports_, baseline_, memory_, stop_.get_token()});
  });
}

void Lab::interrupt() {
  const std::lock_guard lock(mutex_);
  stop_.request_stop();
}

void Lab::resume() {
  const std::lock_guard lock(mutex_);
  if (dead_node_.empty() && !outer_.stop_requested()) stop_ = std::stop_source();
}

// Which guests no longer answer; empty when all do, or when a stop was asked for.
std::string Lab::silent_nodes() {
  std::mutex mutex;
  std::string silent;
  for_each_at_once(plan_.nodes, [&](const NodePlan& node) {
    try {
      ports_.shell.run(node.name, "true", Deadline("an answer", limits::answer, ports_.clock), stop_.get_token());
    } catch (const std::exception&) {
      const std::lock_guard lock(mutex);
      const char* separator = silent.empty() ? "" : "; ";
      if (node.existing) {
        silent += fmt::format("{}machine '{}' ({}) does not answer", separator, node.name, node.existing->address);
        return;
      }
      silent += fmt::format("{}guest '{}' does not answer, serial log {} ends: {}", separator, node.name,
                            serial_log_name(node.name), serial_tail(node.name));
    }
  });
  return stop_.stop_requested() ? std::string() : silent;
}

}  // namespace offlab
