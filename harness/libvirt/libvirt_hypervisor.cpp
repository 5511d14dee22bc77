#include "libvirt/libvirt_hypervisor.h"

#include <fstream>
#include <sstream>

#include <fmt/core.h>
#include <libvirt/virterror.h>

#include "base/error.h"
#include "libvirt/domain_xml.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

using Domain = Handle<virDomain, virDomainFree>;

Error libvirt_error(const std::string& action) {
  const virErrorPtr error = virGetLastError();
  return Error(fmt::format("{}: {}", action, error == nullptr ? "libvirt gave no reason" : error->message));
}

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

std::string prepare_embedded_libvirt(const fs::path& root, const fs::path& cache, const fs::path& logs) {
  for (const fs::path& folder : {root / "etc", cache, logs}) fs::create_directories(folder);
  if (!fs::exists(root / "cache")) fs::create_directory_symlink(cache, root / "cache");
  if (!fs::exists(root / "log")) fs::create_directory_symlink(logs, root / "log");
  std::ofstream(root / "etc/qemu.conf") << "user = \"+0\"\n"
                                           "group = \"+0\"\n"
                                           "dynamic_ownership = 0\n"
                                           "remember_owner = 0\n"
                                           "security_driver = \"none\"\n"
                                           "namespaces = [ ]\n"
                                           "cgroup_controllers = [ ]\n"
                                           "stdio_handler = \"file\"\n";
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
    const Error error = libvirt_error(fmt::format("connecting to {}", uri));
    ending_ = true;
    virEventAddTimeout(
        0, [](int, void*) {}, nullptr, nullptr);
    event_loop_.join();
    throw error;
  }
}

LibvirtHypervisor::~LibvirtHypervisor() {
  virConnectDomainEventDeregisterAny(connection_.get(), callback_);
  ending_ = true;
  virEventAddTimeout(
      0, [](int, void*) {}, nullptr, nullptr);  // wakes the loop
  event_loop_.join();
}

void LibvirtHypervisor::start(const DomainSpec& spec) {
  const Domain domain(virDomainCreateXML(connection_.get(), domain_xml(spec).c_str(), VIR_DOMAIN_NONE));
  if (domain) return;
  Error error = libvirt_error(fmt::format("starting domain '{}'", spec.name));
  const std::string words = last_words(logs_ / "qemu" / (spec.name + ".log"));
  throw words.empty() ? error : Error(fmt::format("{} ({})", error.what(), words));
}

void LibvirtHypervisor::destroy(const std::string& name) {
  const Domain domain(virDomainLookupByName(connection_.get(), name.c_str()));
  if (domain) virDomainDestroy(domain.get());
}

bool LibvirtHypervisor::is_running(const std::string& name) {
  const Domain domain(virDomainLookupByName(connection_.get(), name.c_str()));
  return domain && virDomainIsActive(domain.get()) == 1;
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
  auto* hypervisor = static_cast<LibvirtHypervisor*>(self);
  const std::lock_guard lock(hypervisor->mutex_);
  if (hypervisor->listener_) hypervisor->listener_(virDomainGetName(domain), end_of(detail));
}

}  // namespace offlab
