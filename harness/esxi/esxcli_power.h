// HostPower by esxcli and vim-cmd over SSH.
#pragma once

#include <functional>
#include <string>

#include "base/clock.h"
#include "esxi/vim_cmd_text.h"
#include "port/host_power.h"
#include "port/node_shell.h"

namespace offlab {

class EsxcliPower : public HostPower {
 public:
  EsxcliPower(NodeShell& shell, Clock& clock, std::string host)
      : shell_(shell), clock_(clock), host_(std::move(host)) {}
  std::vector<HostMachine> machines(const std::string& host, const std::stop_token& stop) override;
  void stop_machine(const std::string& host, const std::string& machine, const Deadline& deadline,
                    const std::stop_token& stop) override;
  void start_machine(const std::string& host, const std::string& machine, const std::stop_token& stop) override;
  void enter_maintenance(const std::string& host, const Deadline& deadline, const std::stop_token& stop) override;
  void leave_maintenance(const std::string& host, const Deadline& deadline, const std::stop_token& stop) override;
  void reboot(const std::string& host, const Deadline& deadline, const std::stop_token& stop) override;
  void await(const std::string& host, const Deadline& deadline, const std::stop_token& stop) override;

 private:
  std::string run(const std::string& command, const std::stop_token& stop);
  unsigned id_of(const std::string& machine, const std::stop_token& stop);
  bool runs(unsigned id, const std::stop_token& stop);
  void set_maintenance(bool on, const Deadline& deadline, const std::stop_token& stop);
  struct Uptime {
    Clock::Time asked;
    Clock::Time answered = {};
    Clock::Duration up = {};
  };
  Uptime uptime(const std::stop_token& stop);
  static bool is_rebooted(const Uptime& before, const Uptime& after);
  std::int64_t uptime_us(const std::stop_token& stop);
  void wait_until(const std::function<bool(const Uptime&)>& is_up, const Deadline& deadline,
                  const std::stop_token& stop);
  void wait_a_little(const Deadline& deadline, const std::stop_token& stop);

  NodeShell& shell_;
  Clock& clock_;
  std::string host_;
};

}  // namespace offlab
