// Guests under names that nobody else of the host has, and with files where the host's libvirtd finds them.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "hosted/made_lab.h"
#include "port/hypervisor.h"

namespace offlab {

// A folder of the lab, and where the host has its content.
struct HostedFolder {
  std::filesystem::path inner;
  std::filesystem::path outer;
  bool is_copied = false;  // file by file, when a guest needs one
};

struct HostedPlaces {
  std::vector<HostedFolder> folders;  // of two that begin alike, the longer one first
  std::filesystem::path logs;         // the lab's, with the serial logs; in it links, then files
  unsigned user = 0;                  // of QEMU
  unsigned group = 0;
};

class HostedHypervisor : public Hypervisor {
 public:
  // `uuid_of`: a domain's, by its name on the host.
  HostedHypervisor(Hypervisor& libvirt, MadeLab& made, HostedPlaces places,
                   std::function<std::string(const std::string&)> uuid_of)
      : libvirt_(libvirt), made_(made), places_(std::move(places)), uuid_of_(std::move(uuid_of)) {}
  HostedHypervisor(const HostedHypervisor&) = delete;
  HostedHypervisor& operator=(const HostedHypervisor&) = delete;

  void start(const DomainSpec& spec) override;
  // Guests of such a host are not saved: throw Error.
  void save(const DomainSpec& spec, const std::string& file) override;
  void restore(const DomainSpec& spec, const std::string& file) override;
  void destroy(const std::string& name) override;
  double cpu_seconds(const std::string& name) override;
  void on_stopped(StopListener listener) override;
  std::map<std::string, std::string> versions() override { return libvirt_.versions(); }

  // Once the guests are gone: their serial logs become files of the lab's.
  void keep_logs() const;
  // The lab's NIC of a tap, by the name that it has on the host.
  DomainNic nic_of(const std::string& outer_tap);
  // "offlab-3f2a8b10-router": the guest's name on the host.
  std::string outer_name(const std::string& name) const;

 private:
  DomainSpec outer_spec(const DomainSpec& spec);
  std::string outer_path(const std::string& inner) const;
  std::string provide(const std::string& inner) const;
  std::string make_serial_log(const std::string& inner) const;

  Hypervisor& libvirt_;
  MadeLab& made_;
  HostedPlaces places_;
  std::function<std::string(const std::string&)> uuid_of_;
  std::mutex mutex_;
  std::map<std::string, DomainNic> nics_;  // by tap on the host
};

}  // namespace offlab
