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
};

// A guest that boots a kernel and an initrd; it has no disk.
struct DomainSpec {
  std::string name;
  Accelerator accelerator = Accelerator::tcg;
  unsigned vcpus = 1;
  unsigned memory_mib = 256;
  std::string kernel;  // host paths
  std::string initrd;
  std::string command_line;
  std::string serial_log;
  std::map<std::string, std::string> firmware_files;  // fw_cfg name -> host path
  std::vector<DomainNic> nics;                        // in the order the guest finds them
};

class Hypervisor {
 public:
  virtual ~Hypervisor() = default;

  virtual void start(const DomainSpec& spec) = 0;
  // Ends the guest at once; nothing happens when it is gone already.
  virtual void destroy(const std::string& name) = 0;
  virtual bool is_running(const std::string& name) = 0;
  // Called from another thread when a guest ends: its name, and how ("crashed", "shut down", ...).
  virtual void on_stopped(std::function<void(const std::string& name, const std::string& how)> listener) = 0;
  // "qemu", "libvirt": versions.
  virtual std::map<std::string, std::string> versions() = 0;
};

}  // namespace offlab
