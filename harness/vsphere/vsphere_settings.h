// HostSettings by the vSphere API: HostSystem.configManager.advancedOption of each host.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "port/host_settings.h"
#include "vsphere/vsphere_session.h"

namespace offlab {

// Which hosts behind an API are meant.
struct WantedHosts {
  std::vector<std::string> names = {};
  std::string cluster = {};
};

class VsphereSettings : public HostSettings {
 public:
  // Called before each host is asked: its answers have a time of their own.
  using HostListener = std::function<void()>;

  VsphereSettings(VsphereSession& session, WantedHosts wanted, HostListener on_host)
      : session_(session), wanted_(std::move(wanted)), on_host_(std::move(on_host)) {}

  // Throws Error where a name or a cluster is not there, and where one must be chosen.
  std::vector<std::string> hosts() override;
  std::vector<EsxiSetting> read(const std::string& host, const std::vector<std::string>& keys) override;
  // From OptionManager.supportedOption.
  void describe(const std::string& host, std::vector<EsxiSetting>& settings) override;
  // With the type that the host gave the value: another one is refused.
  void write(const std::string& host, const std::string& key, std::int64_t value) override;

  // What QueryOptions says of one key, fault or not, as XML.
  std::string raw(const std::string& host, const std::string& key);

  // Throws Error for a host that was not chosen.
  const ManagedObject& system_of(const std::string& host);

 private:
  struct Host {
    ManagedObject system;
    ManagedObject options;
    std::map<std::string, std::string> types = {};  // of values, by key: "long"
  };
  Host& host_named(const std::string& name);
  void find_hosts();
  EsxiSetting read_one(Host& host, const std::string& name, const std::string& key);

  VsphereSession& session_;
  WantedHosts wanted_;
  HostListener on_host_;
  std::map<std::string, Host> hosts_;
};

}  // namespace offlab
