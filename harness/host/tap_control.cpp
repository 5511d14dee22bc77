#include "host/tap_control.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <vector>

#include <fmt/core.h>
#include <linux/ethtool.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"
#include "base/handle.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

ifreq request_for(const std::string& device) {
  ifreq request{};
  if (device.size() >= sizeof request.ifr_name)
    throw Error(fmt::format("'{}' is too long for an interface name", device));
  std::memcpy(request.ifr_name, device.c_str(), device.size());
  return request;
}

void ethtool(int socket, const std::string& device, void* command) {
  ifreq request = request_for(device);
  request.ifr_data = static_cast<char*>(command);
  if (ioctl(socket, SIOCETHTOOL, &request) != 0) throw system_error(fmt::format("asking ethtool about '{}'", device));
}

// Feature strings, in the order of the bits. The same for every device of a kernel.
std::vector<std::string> read_feature_strings(int socket, const std::string& device) {
  std::vector<std::uint64_t> set_buffer((sizeof(ethtool_sset_info) + sizeof(std::uint32_t) + 7) / 8);
  auto* set = reinterpret_cast<ethtool_sset_info*>(set_buffer.data());
  set->cmd = ETHTOOL_GSSET_INFO;
  set->sset_mask = 1ULL << ETH_SS_FEATURES;
  ethtool(socket, device, set);
  const std::uint32_t count = set->data[0];
  std::vector<std::uint32_t> buffer((sizeof(ethtool_gstrings) + std::size_t{count} * ETH_GSTRING_LEN + 3) / 4);
  auto* strings = reinterpret_cast<ethtool_gstrings*>(buffer.data());
  strings->cmd = ETHTOOL_GSTRINGS;
  strings->string_set = ETH_SS_FEATURES;
  strings->len = count;
  ethtool(socket, device, strings);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < strings->len; ++i) {
    const char* name = reinterpret_cast<const char*>(strings->data) + i * ETH_GSTRING_LEN;
    names.emplace_back(name, strnlen(name, ETH_GSTRING_LEN));
  }
  return names;
}

// A copy of the descriptor `number` of process `process` when it is the tap's.
UniqueFd copy_tap_descriptor(int process, int number, const std::string& tap) {
  UniqueFd pidfd(static_cast<int>(syscall(SYS_pidfd_open, process, 0)));
  if (!pidfd) return UniqueFd();
  UniqueFd copy(static_cast<int>(syscall(SYS_pidfd_getfd, pidfd.get(), number, 0)));
  ifreq request{};
  if (!copy || ioctl(copy.get(), TUNGETIFF, &request) != 0 || tap != request.ifr_name) return UniqueFd();
  return copy;
}

std::optional<int> as_number(const fs::path& name) {
  const std::string text = name.filename();
  if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  return std::stoi(text);
}

// Is the tap of this descriptor in this network namespace? Kernels before 5.10 do not tell: `otherwise`.
bool is_here(const UniqueFd& descriptor, const fs::path& here, bool otherwise) {
  const UniqueFd network(ioctl(descriptor.get(), TUNGETDEVNETNS));
  if (!network) return otherwise;
  std::error_code gone;
  return fs::read_symlink(fmt::format("/proc/self/fd/{}", network.get()), gone) == here;
}

// A QEMU that libvirtd started is in another network namespace than its taps.
bool is_qemu(const fs::path& process) {
  std::string name;
  std::getline(std::ifstream(process / "comm"), name);
  return name.rfind("qemu", 0) == 0;
}

// Taps of other network namespaces may have the same name.
UniqueFd find_tap_descriptor(const std::string& tap) {
  std::error_code gone;  // processes and descriptors may vanish while we look
  const fs::path here = fs::read_symlink("/proc/thread-self/ns/net", gone);
  for (const auto& process : fs::directory_iterator("/proc", gone)) {
    const auto pid = as_number(process.path());
    if (!pid || *pid == getpid()) continue;
    const bool is_neighbour = fs::read_symlink(process.path() / "ns/net", gone) == here;
    if (!is_neighbour && !is_qemu(process.path())) continue;
    for (const auto& entry : fs::directory_iterator(process.path() / "fd", gone)) {
      if (fs::read_symlink(entry.path(), gone) != "/dev/net/tun") continue;
      UniqueFd copy = copy_tap_descriptor(*pid, as_number(entry.path()).value_or(-1), tap);
      if (copy && is_here(copy, here, is_neighbour)) return copy;
    }
  }
  return UniqueFd();
}

}  // namespace

std::map<std::string, bool> device_features(const std::string& device) {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) throw system_error("opening a socket for ethtool");
  static const std::vector<std::string> names = read_feature_strings(socket.get(), device);
  const std::size_t words = (names.size() + 31) / 32;
  std::vector<std::uint32_t> buffer((sizeof(ethtool_gfeatures) + words * sizeof(ethtool_get_features_block)) / 4);
  auto* features = reinterpret_cast<ethtool_gfeatures*>(buffer.data());
  features->cmd = ETHTOOL_GFEATURES;
  features->size = static_cast<std::uint32_t>(words);
  ethtool(socket.get(), device, features);
  std::map<std::string, bool> active;
  for (std::size_t bit = 0; bit < names.size(); ++bit)
    if (!names[bit].empty()) active[names[bit]] = ((features->features[bit / 32].active >> (bit % 32)) & 1U) != 0;
  return active;
}

void set_device_offload(const std::string& device, DeviceOffload offload, bool on) {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) throw system_error("opening a socket for ethtool");
  ethtool_value value{};
  value.cmd = offload == DeviceOffload::tso   ? ETHTOOL_STSO
              : offload == DeviceOffload::gso ? ETHTOOL_SGSO
                                              : ETHTOOL_SGRO;
  value.data = on ? 1 : 0;
  ethtool(socket.get(), device, &value);
}

void set_tap_offload(const std::string& tap, OffloadWord word) {
  const UniqueFd descriptor = find_tap_descriptor(tap);
  if (!descriptor) throw Error(fmt::format("no process has tap '{}' open", tap));
  unsigned long bits = 0;
  if (word.checksum) bits |= TUN_F_CSUM;
  if (word.tso4) bits |= TUN_F_TSO4;
  if (word.tso6) bits |= TUN_F_TSO6;
  if (ioctl(descriptor.get(), TUNSETOFFLOAD, bits) != 0)
    throw system_error(fmt::format("setting the offload word of tap '{}' to {:#x}", tap, bits));
}

}  // namespace offlab
