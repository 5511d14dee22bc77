// A guest that boots from a disk of its own: what a user deploys, and not an image that offlab made.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/address.h"
#include "model/nic_model.h"

namespace offlab {

enum class Firmware { bios, uefi };
enum class DiskBus { virtio, scsi, sata, ide };
// What offlab configures in the guest after its boot. `all`: names, addresses, MTUs and routes of the test NICs, and
// forwarding. `forwarding`: that alone. `nothing`: the guest is used as it was deployed. Cases switch what they switch
// in any case; what is not configured is checked.
enum class Configured { all, forwarding, nothing };
// How the management NIC gets the address that the guest is reached by.
enum class AddressFrom { link_local, dhcp, fixed };

template <typename Value>
struct NamedValue {
  Value value;
  std::string_view name;
};
inline constexpr std::array<NamedValue<Firmware>, 2> firmware_names = {
    {{Firmware::bios, "bios"}, {Firmware::uefi, "uefi"}}};
inline constexpr std::array<NamedValue<DiskBus>, 4> disk_bus_names = {
    {{DiskBus::virtio, "virtio"}, {DiskBus::scsi, "scsi"}, {DiskBus::sata, "sata"}, {DiskBus::ide, "ide"}}};
inline constexpr std::array<NamedValue<Configured>, 3> configured_names = {
    {{Configured::all, "all"}, {Configured::forwarding, "forwarding"}, {Configured::nothing, "nothing"}}};
inline constexpr std::array<NamedValue<AddressFrom>, 3> address_from_names = {
    {{AddressFrom::link_local, "link-local"}, {AddressFrom::dhcp, "dhcp"}, {AddressFrom::fixed, "fixed"}}};

template <typename Names, typename Value>
constexpr std::string_view name_in(const Names& names, Value value) {
  for (const auto& one : names)
    if (one.value == value) return one.name;
  return "?";
}
template <typename Names>
constexpr auto value_in(const Names& names, std::string_view name) -> std::optional<decltype(names.front().value)> {
  for (const auto& one : names)
    if (one.name == name) return one.value;
  return std::nullopt;
}

constexpr std::string_view to_string(Firmware one) {
  return name_in(firmware_names, one);
}
constexpr std::string_view to_string(DiskBus one) {
  return name_in(disk_bus_names, one);
}
constexpr std::string_view to_string(Configured one) {
  return name_in(configured_names, one);
}
constexpr std::string_view to_string(AddressFrom one) {
  return name_in(address_from_names, one);
}

// How offlab logs in. Secrets stay in their files and variables: they are read when a lab starts.
struct GuestLogin {
  std::string user = "root";
  std::string key_file = {};           // absolute; empty: by password, or by the key of a cloud-init seed
  std::string password_file = {};      // absolute
  std::string password_variable = {};  // of the environment
  bool sudo = false;                   // commands run through `sudo -n`
  std::uint16_t port = 22;
  std::vector<std::string> host_keys = {};  // as in a .pub file; empty: the one that it presents first
  bool operator==(const GuestLogin&) const = default;
};

struct ManagementNic {
  NicModel model = NicModel::virtio;
  AddressFrom from = AddressFrom::link_local;
  std::optional<IpAddress> address = {};  // fixed only
  int length = 0;                         // of its prefix
  bool operator==(const ManagementNic&) const = default;
};

// A NIC of the test, as the guest knows it: by its MAC address, by its name, or by neither. Then it is the next one in
// the order of the topology file.
struct GuestNic {
  std::string network;
  std::string mac = {};
  std::string device = {};
  bool operator==(const GuestNic&) const = default;
};

struct DiskImage {
  std::string file;  // absolute
  Firmware firmware = Firmware::bios;
  DiskBus bus = DiskBus::virtio;
  unsigned memory_mib = 512;  // at least; a topology file may give a node more
  unsigned boot_seconds = 180;
  bool cloud_init = false;  // gets a NoCloud seed
  GuestLogin login = {};
  ManagementNic management = {};
  std::vector<GuestNic> nics = {};
  Configured configure = Configured::all;
  bool operator==(const DiskImage&) const = default;
};

// The PCI slot that a guest names a NIC by, where it does so: 18 for "ens18" and "enp0s18"
// (systemd.net-naming-scheme(7)). Nothing for other names, and beyond the slots that NICs of a test may have, 2..27.
std::optional<unsigned> pci_slot_of(std::string_view device);

// The name is that of a PCI slot, and of none that a lab's NICs may have: "ens192".
bool names_other_slot(std::string_view device);

// MAC address in the usual form: "52:54:00:12:34:56", small letters.
std::optional<std::string> parse_mac(std::string_view text);

}  // namespace offlab
