// HostPower by the vSphere API. Why not libvirt's esx:// driver: it verifies a certificate by the system's authorities
// or not at all, while most ESXi hosts have one that nobody signed; and an odd answer ends the calling process.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "port/host_power.h"
#include "vsphere/vsphere_session.h"
#include "vsphere/vsphere_settings.h"

namespace offlab {

class VspherePower : public HostPower {
 public:
  // `on_request`: called before each step: its answers have a time of their own.
  VspherePower(VsphereSession& session, VsphereSettings& hosts, Clock& clock, std::function<void()> on_request)
      : session_(session), hosts_(hosts), clock_(clock), on_request_(std::move(on_request)) {}

  std::vector<HostMachine> machines(const std::string& host, const std::stop_token& stop) override;
  void stop_machine(const std::string& host, const std::string& machine, const Deadline& deadline,
                    const std::stop_token& stop) override;
  void start_machine(const std::string& host, const std::string& machine, const std::stop_token& stop) override;
  void enter_maintenance(const std::string& host, const Deadline& deadline, const std::stop_token& stop) override;
  void leave_maintenance(const std::string& host, const Deadline& deadline, const std::stop_token& stop) override;
  void reboot(const std::string& host, const Deadline& deadline, const std::stop_token& stop) override;
  void await(const std::string& host, const Deadline& deadline, const std::stop_token& stop) override;

 private:
  struct Found {
    ManagedObject object;
    bool runs = false;
  };
  void name_port_group(HostNic& nic);
  Found machine_named(const std::string& host, const std::string& name);
  std::string boot_time(const std::string& host);
  void perform(const std::string& method, const ManagedObject& object, const std::string& arguments,
               const Deadline& deadline, const std::stop_token& stop);
  void wait_a_little(const Deadline& deadline, const std::stop_token& stop);
  void set_maintenance(bool on, const std::string& host, const Deadline& deadline, const std::stop_token& stop);

  VsphereSession& session_;
  VsphereSettings& hosts_;
  Clock& clock_;
  std::function<void()> on_request_;
};

}  // namespace offlab
