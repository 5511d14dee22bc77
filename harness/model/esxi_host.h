// How the hosts of an ESXi lab are reached, and what a change of their settings takes. From a file (`--host`).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/existing_machine.h"

namespace offlab {

// The vSphere API of an ESXi host or of a vCenter.
struct VsphereLogin {
  std::string address = {};
  std::uint16_t port = 443;
  std::string user = {};
  std::string password_file = {};      // absolute
  std::string password_variable = {};  // neither: it is asked for
  std::string ca_file = {};            // absolute
  std::string fingerprint = {};  // SHA-256 of the certificate, 64 hexadecimal digits; neither: known, or asked for
  std::vector<std::string> hosts = {};  // of a vCenter, by their names there
  std::string cluster = {};             // of a vCenter: all of its hosts. Neither: the only host there is
  bool operator==(const VsphereLogin&) const = default;
};

// What makes a setting that was changed come into force.
enum class EsxiReboot { none, vm_power_cycle, host_reboot };

std::string_view to_string(EsxiReboot reboot);  // "none", "vm-power-cycle", "host-reboot"
std::optional<EsxiReboot> parse_esxi_reboot(std::string_view text);

struct EsxiSwitch {
  EsxiReboot reboot = EsxiReboot::none;
  std::vector<std::string> machines = {};  // the lab's virtual machines: stopped before, started afterwards
  bool maintenance = false;                // the host is in maintenance mode while it reboots
  double host_seconds = 1200;              // until a host that reboots answers again, at most
  double machine_seconds = 300;            // until a virtual machine has stopped, or answers again, at most
  bool operator==(const EsxiSwitch&) const = default;
};

// The five settings of LRO on the hosts below a lab's machines, as its cases want them.
struct HostLro {
  std::string file = {};  // of the hosts, absolute
  bool on = false;        // each is 1, or 0
  EsxiSwitch change = {};
  bool operator==(const HostLro&) const = default;
};

struct EsxiHosts {
  std::string file = {};  // absolute
  // One of them: SSH to one host, or the API.
  std::optional<MachineLogin> ssh = {};
  std::optional<VsphereLogin> api = {};
  EsxiSwitch change = {};
  bool operator==(const EsxiHosts&) const = default;

  const std::string& address() const { return ssh ? ssh->address : api->address; }
};

}  // namespace offlab
