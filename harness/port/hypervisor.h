// Starts and watches virtual machines.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/disk_image.h"
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
  unsigned queues = 1;                // pairs; virtio only
  std::optional<unsigned> slot = {};  // on the guest's PCI bus; nothing: the next one that is free
  bool operator==(const DomainNic&) const = default;
};

// What a guest boots from that has a system of its own. The disk is never written: what the guest writes goes to an
// overlay that is made when it starts.
struct DomainDisk {
  std::string file;     // qcow2
  std::string overlay;  // to be made
  DiskBus bus = DiskBus::virtio;
  Firmware firmware = Firmware::bios;
  std::string variables = {};  // of UEFI: a file to be made, as the overlay
  std::string seed = {};       // a second, read-only disk for cloud-init; empty: none
  bool operator==(const DomainDisk&) const = default;
};

// A guest that boots a kernel and an initrd, or a disk.
struct DomainSpec {
  std::string name;
  Accelerator accelerator = Accelerator::tcg;
  unsigned vcpus = 1;
  unsigned memory_mib = 192;
  std::string kernel;  // host paths; empty with a disk
  std::string initrd;
  std::string command_line;
  std::string serial_log;
  std::map<std::string, std::string> firmware_files;  // fw_cfg name -> host path
  std::vector<DomainNic> nics;                        // in the order the guest finds them
  std::optional<DomainDisk> disk = {};
  std::optional<std::chrono::seconds> boot_limit = {};  // nothing: the usual one
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
  // Writes the guest's memory and devices to `file`; the guest goes on. `spec` is what it was started with. With a
  // disk, what it has written to its overlay goes to saved_overlay(file).
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

// Beside a saved state: the overlay that belongs to it.
inline std::string saved_overlay(const std::string& file) {
  return file + ".overlay";
}

}  // namespace offlab
