// Lab hosts that are reached over SSH, from a file.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace offlab {

// A host's own libvirtd, for programs on that host.
inline constexpr const char* system_libvirt = "qemu:///system";

struct PoolHost {
  std::string name;     // what messages and records call it
  std::string address;  // as ssh(1) takes it: a name, an address, or a Host of its configuration
  std::string user = {};
  std::optional<unsigned> port = {};
  std::string jump = {};        // as ssh -J takes it
  std::string ssh_config = {};  // a file for ssh -F; empty: the user's
  std::string accelerator = "auto";
  std::string cache = {};  // the cache folder there; empty: the user's
  unsigned slots = 1;      // labs at a time, each on CPUs of its own
  std::vector<std::string> tags = {};
  bool sudo = false;    // offlab runs as root there, by `sudo -n`
  bool hosted = false;  // its libvirtd starts the guests (qemu:///system)
  bool operator==(const PoolHost&) const = default;
};

}  // namespace offlab
