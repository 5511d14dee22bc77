// HostLroControl for ESXi hosts.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "esxi/host_change.h"
#include "port/host_lro.h"
#include "port/observer.h"
#include "worker/open_hosts.h"

namespace offlab {

class EsxiLro : public HostLroControl {
 public:
  // `folder`: what is kept of hosts, CACHE/esxi. `owner`: of the hosts' lock, while the run lasts.
  // `load`: from a file of hosts to what it says.
  using Loader = std::function<EsxiHosts(const std::string& file)>;
  EsxiLro(std::filesystem::path folder, std::string owner, Loader load, HostQuestions& questions, Observer& observer,
          std::stop_token stop);
  // As give_back.
  ~EsxiLro() override;
  EsxiLro(const EsxiLro&) = delete;
  EsxiLro& operator=(const EsxiLro&) = delete;

  void bring_to(const HostLro& wanted, const std::vector<std::pair<std::string, MachineLogin>>& machines) override;
  void give_back() noexcept override;

 private:
  struct Hosts;
  void open(const HostLro& wanted);
  void tell(const std::string& text);

  std::filesystem::path folder_;
  std::string owner_;
  Loader load_;
  HostQuestions& questions_;
  Observer& observer_;
  std::stop_token stop_;
  SteadyClock clock_;
  std::unique_ptr<Hosts> hosts_;  // once the first lab asked for them
};

}  // namespace offlab
