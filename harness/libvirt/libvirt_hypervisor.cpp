#include "libvirt/libvirt_hypervisor.h"

#include <fstream>

#include <fmt/core.h>
#include <libvirt/virterror.h>

#include "base/error.h"
#include "libvirt/domain_xml.h"
#include "libvirt/host_security.h"
#include "libvirt/libvirt_domain.h"
#include "libvirt/libvirt_error.h"
#include "libvirt/libvirt_memory.h"
#include "libvirt/saved_state.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

using DomainSnapshot = Handle<virDomainSnapshot, virDomainSnapshotFree>;

std::string version_text(unsigned long version) {
  return fmt::format("{}.{}.{}", version / 1000000, version / 1000 % 1000, version % 1000);
}

void tell_observer(void* observer, virErrorPtr error) {
  if (error == nullptr || error->message == nullptr) return;
  // A guest that is gone when we end it is no news.
  if (error->code == VIR_ERR_NO_DOMAIN) return;
  static_cast<Observer*>(observer)->on(event::Note{fmt::format("libvirt: {}", error->message)});
}

GuestEnd end_of(int detail) {
  switch (detail) {
    case VIR_DOMAIN_EVENT_STOPPED_SHUTDOWN:
      return GuestEnd::shut_down;
    case VIR_DOMAIN_EVENT_STOPPED_DESTROYED:
      return GuestEnd::destroyed;
    case VIR_DOMAIN_EVENT_STOPPED_CRASHED:
      return GuestEnd::crashed;
    default:
      return GuestEnd::gone;
  }
}

// A guest stands still while this lives. Null: none does.
class SuspendedDomain {
 public:
  SuspendedDomain(virDomainPtr domain, const std::string& action) : domain_(domain) {
    if (domain_ != nullptr && virDomainSuspend(domain_) < 0) throw libvirt_error(action);
  }
  SuspendedDomain(const SuspendedDomain&) = delete;
  SuspendedDomain& operator=(const SuspendedDomain&) = delete;
  ~SuspendedDomain() {
    if (domain_ != nullptr) virDomainResume(domain_);
  }

 private:
  virDomainPtr domain_;
};

// libvirt's own account of a guest's QEMU, without the command line.
std::string last_words(const fs::path& log) {
  std::ifstream file(log);
  std::string line;
  std::string last;
  while (std::getline(file, line))
    if (line.find("qemu-system") != std::string::npos && line.find("-name") == std::string::npos) last = line;
  return last;
}

}  // namespace

std::string prepare_embedded_libvirt(const fs::path& root, const fs::path& cache, const fs::path& logs,
                                     const GuestUser& user) {
  for (const fs::path& folder : {root / "etc", cache, logs}) fs::create_directories(folder);
  if (!fs::exists(root / "cache")) fs::create_directory_symlink(cache, root / "cache");
  if (!fs::exists(root / "log")) fs::create_directory_symlink(logs, root / "log");
  std::ofstream(root / "etc/qemu.conf") << fmt::format("user = \"+{}\"\ngroup = \"+{}\"\n", user.user, user.group)
                                        << "dynamic_ownership = 0\n"
                                           "remember_owner = 0\n"
                                           "security_driver = \"none\"\n"
                                           "namespaces = [ ]\n"
                                           "cgroup_controllers = [ ]\n"
                                           "stdio_handler = \"file\"\n"
                                           // With it libvirt asks for every CPU property of its own: 400 questions
                                           // a guest; without it, for all of them at once.
                                           "capability_filters = [ \"cpu-unavailable-features\" ]\n";
  return fmt::format("qemu:///embed?root={}", root.string());
}

LibvirtHypervisor::LibvirtHypervisor(const std::string& uri, fs::path logs, Observer& observer)
    : logs_(std::move(logs)) {
  virSetErrorFunc(&observer, tell_observer);
  if (virInitialize() < 0 || virEventRegisterDefaultImpl() < 0) throw libvirt_error("starting libvirt");
  event_loop_ = std::thread([this] {
    while (!ending_) virEventRunDefaultImpl();
  });
  connection_.reset(virConnectOpen(uri.c_str()));
  if (connection_)
    callback_ = virConnectDomainEventRegisterAny(connection_.get(), nullptr, VIR_DOMAIN_EVENT_ID_LIFECYCLE,
                                                 VIR_DOMAIN_EVENT_CALLBACK(lifecycle), this, nullptr);
  if (callback_ < 0) {
    const std::string reason = libvirt_error(fmt::format("connecting to {}", uri)).what();
    ending_ = true;
    virEventAddTimeout(
        0, [](int, void*) {}, nullptr, nullptr);
    event_loop_.join();
    throw Error(reason, uri.starts_with("qemu:///embed") ? "" : "is libvirtd running there? systemctl status libvirtd");
  }
}

LibvirtHypervisor::~LibvirtHypervisor() {
  virConnectDomainEventDeregisterAny(connection_.get(), callback_);
  ending_ = true;
  virEventAddTimeout(
      0, [](int, void*) {}, nullptr, nullptr);  // wakes the loop
  event_loop_.join();
}

const DomainOwner& LibvirtHypervisor::share(DomainOwner owner, TapTaker take_taps) {
  const Handle<char, free_of_libvirt> text(virConnectGetCapabilities(connection_.get()));
  if (!text) throw libvirt_error("asking libvirt what it can do");
  const HostSecurity security = host_security(text.get());
  owner.user = security.user;
  owner.unconfined = security.models;
  owner_ = std::move(owner);
  take_taps_ = std::move(take_taps);
  return *owner_;
}

virDomainPtr LibvirtHypervisor::find(const std::string& name) const {
  return owner_ ? virDomainLookupByUUIDString(connection_.get(), domain_uuid(name, owner()).c_str())
                : virDomainLookupByName(connection_.get(), name.c_str());
}

void LibvirtHypervisor::prepare_disk(const DomainSpec& spec, const std::string& saved) const {
  if (!spec.disk) return;
  if (!make_overlay_) throw Error(fmt::format("domain '{}' has a disk, and nothing makes its overlay", spec.name));
  make_overlay_(*spec.disk, saved);
}

void LibvirtHypervisor::start(const DomainSpec& spec) {
  forget(spec.name);
  prepare_disk(spec, "");
  // A guest of a libvirtd that others use goes with the connection, and does not run before its taps are in place.
  const unsigned flags = owner_ ? VIR_DOMAIN_START_PAUSED | VIR_DOMAIN_START_AUTODESTROY : VIR_DOMAIN_NONE;
  const Domain domain(virDomainCreateXML(connection_.get(), domain_xml(spec, owner()).c_str(), flags));
  if (!domain) throw start_failure("starting", spec.name);
  if (owner_) try {
      take_taps_(spec);
      if (virDomainResume(domain.get()) < 0) throw start_failure("starting", spec.name);
    } catch (...) {
      virDomainDestroy(domain.get());
      throw;
    }
  watch(spec.name, domain.get());
}

void LibvirtHypervisor::save(const DomainSpec& spec, const std::string& file) {
  const std::string& name = spec.name;
  const std::string action = fmt::format("saving domain '{}' to {}", name, file);
  const Domain domain(find(name));
  if (!domain) throw libvirt_error(action);
  // Its overlay must be as it is in the memory that is saved: it stands still meanwhile. QEMU has written what it keeps
  // of an overlay in its own memory when a guest stands still.
  const SuspendedDomain suspended(spec.disk ? domain.get() : nullptr, action);
  const unsigned live = spec.disk ? 0 : VIR_DOMAIN_SNAPSHOT_CREATE_LIVE;
  const DomainSnapshot snapshot(virDomainSnapshotCreateXML(domain.get(), memory_snapshot_xml(spec, file).c_str(),
                                                           live | VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA));
  if (!snapshot) throw libvirt_error(action);
  replace_saved_description(file, domain_xml(spec));
  if (spec.disk) fs::copy_file(spec.disk->overlay, saved_overlay(file), fs::copy_options::overwrite_existing);
}

void LibvirtHypervisor::restore(const DomainSpec& spec, const std::string& file) {
  const std::string& name = spec.name;
  const std::string xml = domain_xml(spec);
  if (saved_description(file) != xml)
    throw Error(fmt::format("restoring domain '{}': {} has another description than offlab's", name, file));
  forget(name);
  prepare_disk(spec, saved_overlay(file));
  if (virDomainRestoreFlags(connection_.get(), file.c_str(), xml.c_str(), VIR_DOMAIN_SAVE_RUNNING) < 0)
    throw start_failure("restoring", name);
  const Domain domain(find(name));
  if (!domain) throw libvirt_error(fmt::format("finding domain '{}' after its restore", name));
  watch(name, domain.get());
}

Error LibvirtHypervisor::start_failure(const std::string& action, const std::string& name) const {
  Error error = libvirt_error(fmt::format("{} domain '{}'", action, name));
  const std::string words = last_words(logs_ / "qemu" / (name + ".log"));
  return words.empty() ? error : Error(fmt::format("{} ({})", error.what(), words));
}

void LibvirtHypervisor::forget(const std::string& name) {
  const std::lock_guard lock(mutex_);
  instances_.erase(name);
}

// From here on the guest's end is told. It may have ended before: its event came while nobody knew it.
void LibvirtHypervisor::watch(const std::string& name, virDomainPtr domain) {
  const std::string instance = uuid_of(domain);
  {
    const std::lock_guard lock(mutex_);
    instances_[name] = instance;
  }
  if (virDomainIsActive(domain) != 1) tell(name, instance, GuestEnd::gone);
}

void LibvirtHypervisor::tell(const std::string& name, const std::string& instance, GuestEnd how) {
  const std::lock_guard lock(mutex_);
  const auto known = instances_.find(name);
  if (known == instances_.end() || known->second != instance) return;
  instances_.erase(known);
  if (listener_) listener_(name, how);
}

void LibvirtHypervisor::destroy(const std::string& name) {
  const Domain domain(find(name));
  if (domain) virDomainDestroy(domain.get());
}

double LibvirtHypervisor::cpu_seconds(const std::string& name) {
  const Domain domain(find(name));
  virDomainInfo info{};
  if (!domain || virDomainGetInfo(domain.get(), &info) < 0)
    throw libvirt_error(fmt::format("reading the processor time of domain '{}'", name));
  return static_cast<double>(info.cpuTime) / 1e9;
}

void LibvirtHypervisor::on_stopped(StopListener listener) {
  const std::lock_guard lock(mutex_);
  listener_ = std::move(listener);
}

std::map<std::string, std::string> LibvirtHypervisor::versions() {
  unsigned long library = 0;
  unsigned long hypervisor = 0;
  if (virConnectGetLibVersion(connection_.get(), &library) < 0) throw libvirt_error("reading libvirt's version");
  if (virConnectGetVersion(connection_.get(), &hypervisor) < 0) throw libvirt_error("reading QEMU's version");
  return {{"libvirt", version_text(library)}, {"qemu", version_text(hypervisor)}};
}

void LibvirtHypervisor::lifecycle(virConnectPtr, virDomainPtr domain, int event, int detail, void* self) {
  if (event != VIR_DOMAIN_EVENT_STOPPED) return;
  static_cast<LibvirtHypervisor*>(self)->tell(virDomainGetName(domain), uuid_of(domain), end_of(detail));
}

}  // namespace offlab
