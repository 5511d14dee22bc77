// HostSettings by esxcli over SSH.
#pragma once

#include <string>

#include "base/clock.h"
#include "port/host_settings.h"
#include "port/node_shell.h"

namespace offlab {

class EsxcliSettings : public HostSettings {
 public:
  // `host`: its name, for the shell, too.
  EsxcliSettings(NodeShell& shell, Clock& clock, std::string host)
      : shell_(shell), clock_(clock), host_(std::move(host)) {}
  std::vector<std::string> hosts() override { return {host_}; }
  std::vector<EsxiSetting> read(const std::string& host, const std::vector<std::string>& keys) override;
  void write(const std::string& host, const std::string& key, std::int64_t value) override;

 private:
  std::string run(const std::string& words);

  NodeShell& shell_;
  Clock& clock_;
  std::string host_;
};

}  // namespace offlab
