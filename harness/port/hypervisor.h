// Starts and watches virtual machines.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "model/topology.h"

namespace offlab {

enum class Accelerator { tcg, kvm };

struct DomainNic {
  std::string bridge;
  std::string tap;  // the host-side name
  std::string mac;
  NicModel model = NicModel::virtio;
  bool isolated = false;                           // from the other isolated NICs of its bridge
  std::map<std::string, bool> host_offloads = {};  // virtio only, libvirt's names
  std::map<std::string, bool> guest_offloads = {};
  unsigned queues = 1;  // pairs; virtio only
  bool operator==(const DomainNic&) const = default;
};

// A guest that boots a kernel and an initrd; it has no disk.
struct DomainSpec {
  std::string name;
  Accelerator accelerator = Accelerator::tcg;
  unsigned vcpus = 1;
  unsigned memory_mib = 192;
  std::string kernel;  // host paths
  std::string initrd;
  std::string command_line;
  std::string serial_log;
  std::map<std::string, std::string> firmware_files;  // fw_cfg name -> host path
  std::vector<DomainNic> nics;                        // in the order the guest finds them
  bool operator==(const DomainSpec&) const = default;
};

// How a guest ended.
enum class GuestEnd { shut_down, destroyed, crashed, gone };

constexpr const char* to_string(GuestEnd end) {
  switch (end) {
    case GuestEnd::shut_down:
      return "shut itself down";
    case GuestEnd::destroyed:
      return "was destroyed";
    case GuestEnd::crashed:
      return "crashed";
    case GuestEnd::gone:
      return "ended: its QEMU process is gone";
  }
  return "?";
}

class Hypervisor {
 public:
  virtual ~Hypervisor() = default;

  virtual void start(const DomainSpec& spec) = 0;
  // Writes the guest's memory and devices to `file`; the guest goes on. `spec` is what it was started with.
  virtual void save(const DomainSpec& spec, const std::string& file) = 0;
  // Starts the guest as it was when `file` was written from a guest of the same description. A file with another
  // description is refused. An attempt that fails leaves no guest, and no listener hears of its
  // end.
  virtual void restore(const DomainSpec& spec, const std::string& file) = 0;
  // Ends the guest at once; nothing happens when it is gone already.
  virtual void destroy(const std::string& name) = 0;
  // Processor time that the guest's process has taken so far, all its threads. Throws Error when it is gone.
  virtual double cpu_seconds(const std::string& name) = 0;
  // Called from another thread when a guest ends, unless another one of its name was started since. Null: nobody
  // listens any more; not called after this returns.
  using StopListener = std::function<void(const std::string& name, GuestEnd how)>;
  virtual void on_stopped(StopListener listener) = 0;
  // "qemu", "libvirt": versions.
  virtual std::map<std::string, std::string> versions() = 0;
};

}  // namespace offlab
