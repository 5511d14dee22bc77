// Virtual machines of hypervisor hosts, and the hosts' own power. Hosts are named as HostSettings names them.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "base/deadline.h"

namespace offlab {

struct HostNic {
  std::string model;    // "vmxnet3", "vmxnet2", "e1000e", as the host calls it; empty: not known
  std::string network;  // the port group
  std::string mac;      // empty: not known
  bool operator==(const HostNic&) const = default;
};

struct HostMachine {
  std::string name;
  bool runs = false;
  std::vector<HostNic> nics = {};
  bool operator==(const HostMachine&) const = default;
};

class HostPower {
 public:
  virtual ~HostPower() = default;

  // All throw Error, and Interrupted.
  virtual std::vector<HostMachine> machines(const std::string& host, const std::stop_token& stop) = 0;
  // Asks its system to shut down, and returns when it has.
  virtual void stop_machine(const std::string& host, const std::string& machine, const Deadline& deadline,
                            const std::stop_token& stop) = 0;
  virtual void start_machine(const std::string& host, const std::string& machine, const std::stop_token& stop) = 0;

  virtual void enter_maintenance(const std::string& host, const Deadline& deadline, const std::stop_token& stop) = 0;
  virtual void leave_maintenance(const std::string& host, const Deadline& deadline, const std::stop_token& stop) = 0;
  // Returns when the host has come up again and answers.
  virtual void reboot(const std::string& host, const Deadline& deadline, const std::stop_token& stop) = 0;
  // Returns when the host answers: one that somebody has rebooted.
  virtual void await(const std::string& host, const Deadline& deadline, const std::stop_token& stop) = 0;
};

}  // namespace offlab
