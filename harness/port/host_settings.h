// Advanced settings of hypervisor hosts, whichever way they are reached.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/esxi_setting.h"

namespace offlab {

class HostSettings {
 public:
  virtual ~HostSettings() = default;

  // The hosts' names: one, or those of a vCenter. Throws Error.
  virtual std::vector<std::string> hosts() = 0;
  // In the order of the keys; one that the host does not have is without a value. Throws Error.
  virtual std::vector<EsxiSetting> read(const std::string& host, const std::vector<std::string>& keys) = 0;
  // Adds defaults, and what a change takes, where reading the value does not tell them and the host does.
  virtual void describe(const std::string& /*host*/, std::vector<EsxiSetting>& /*settings*/) {}
  // Throws Error with the host's words when it refuses.
  virtual void write(const std::string& host, const std::string& key, std::int64_t value) = 0;
};

}  // namespace offlab
