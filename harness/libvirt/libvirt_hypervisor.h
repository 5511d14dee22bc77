// Hypervisor on libvirt: its QEMU driver inside this process (qemu:///embed), or a libvirtd that others use, too
// (qemu:///system).
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include <libvirt/libvirt.h>

#include "base/error.h"
#include "base/handle.h"
#include "libvirt/domain_xml.h"
#include "port/hypervisor.h"
#include "port/observer.h"

namespace offlab {

// Prepares `root` for the embedded driver (configuration; `cache` and `logs` in its place) and gives its URI.
std::string prepare_embedded_libvirt(const std::filesystem::path& root, const std::filesystem::path& cache,
                                     const std::filesystem::path& logs, const GuestUser& user);

class LibvirtHypervisor : public Hypervisor {
 public:
  // Opens the connection. libvirt's own error messages go to the observer as notes.
  LibvirtHypervisor(const std::string& uri, std::filesystem::path logs, Observer& observer);

  // Makes a guest's overlay, and its UEFI variables, that QEMU can write: a fresh one, or one like `saved`.
  using OverlayMaker = std::function<void(const DomainDisk& disk, const std::string& saved)>;
  // Without it, a guest with a disk does not start.
  void make_overlays_with(OverlayMaker maker) { make_overlay_ = std::move(maker); }

  // Called before a guest runs, with its taps there.
  using TapTaker = std::function<void(const DomainSpec& spec)>;
  // Guests are `owner`'s from here on, whose user is that of this libvirtd, and which knows no model of it. They end
  // when the connection does. Throws Error. Gives the owner as guests have it.
  const DomainOwner& share(DomainOwner owner, TapTaker take_taps);

  LibvirtHypervisor(const LibvirtHypervisor&) = delete;
  LibvirtHypervisor& operator=(const LibvirtHypervisor&) = delete;
  ~LibvirtHypervisor() override;

  void start(const DomainSpec& spec) override;
  void save(const DomainSpec& spec, const std::string& file) override;
  void restore(const DomainSpec& spec, const std::string& file) override;
  void destroy(const std::string& name) override;
  double cpu_seconds(const std::string& name) override;
  void on_stopped(StopListener listener) override;
  std::map<std::string, std::string> versions() override;

 private:
  const DomainOwner* owner() const { return owner_ ? &*owner_ : nullptr; }
  virDomainPtr find(const std::string& name) const;
  void prepare_disk(const DomainSpec& spec, const std::string& saved) const;
  void forget(const std::string& name);
  void watch(const std::string& name, virDomainPtr domain);
  void tell(const std::string& name, const std::string& instance, GuestEnd how);
  Error start_failure(const std::string& action, const std::string& name) const;
  static void lifecycle(virConnectPtr connection, virDomainPtr domain, int event, int detail, void* self);

  std::filesystem::path logs_;
  OverlayMaker make_overlay_;
  std::optional<DomainOwner> owner_;
  TapTaker take_taps_;
  std::atomic<bool> ending_ = false;
  std::thread event_loop_;
  Handle<virConnect, virConnectClose> connection_;
  int callback_ = -1;
  std::mutex mutex_;
  StopListener listener_;
  std::map<std::string, std::string> instances_;  // name -> UUID of the guest whose end is of interest
};

}  // namespace offlab
