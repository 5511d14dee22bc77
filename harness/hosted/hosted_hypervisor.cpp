#include "hosted/hosted_hypervisor.h"

#include <algorithm>
#include <fstream>

#include <fmt/core.h>
#include <unistd.h>

#include "base/error.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

// Of the lab's UUID: enough to tell the labs of a host apart, and short enough for an interface's name.
std::string short_id(const std::string& uuid) {
  return uuid.substr(0, 8);
}

void copy_or_link(const fs::path& from, const fs::path& to) {
  fs::create_directories(to.parent_path());
  std::error_code other_disk;
  fs::create_hard_link(from, to, other_disk);
  if (other_disk) fs::copy_file(from, to, fs::copy_options::overwrite_existing);
}

}  // namespace

void HostedHypervisor::keep_logs() const {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(made_.sub_folder("logs"), ignored)) {
    const fs::path own = places_.logs / entry.path().filename();
    fs::remove(own, ignored);
    fs::copy_file(entry.path(), own, ignored);
    fs::permissions(own, fs::perms::owner_read | fs::perms::owner_write, ignored);
  }
}

std::string HostedHypervisor::outer_name(const std::string& name) const {
  return fmt::format("offlab-{}-{}", short_id(made_.uuid()), name);
}

std::string HostedHypervisor::outer_path(const std::string& inner) const {
  for (const HostedFolder& folder : places_.folders) {
    const fs::path below = fs::path(inner).lexically_relative(folder.inner);
    if (!below.empty() && *below.begin() != "..") return folder.outer / below;
  }
  throw Error(fmt::format("the host's libvirtd does not know {}", inner));
}

std::string HostedHypervisor::provide(const std::string& inner) const {
  if (inner.empty()) return inner;
  std::string outer = outer_path(inner);
  for (const HostedFolder& folder : places_.folders)
    if (folder.is_copied && outer.rfind(folder.outer.string(), 0) == 0 && !fs::exists(outer))
      copy_or_link(inner, outer);
  return outer;
}

std::string HostedHypervisor::make_serial_log(const std::string& inner) const {
  const fs::path name = fs::path(inner).filename();
  const fs::path file = made_.sub_folder("logs") / name;
  std::ofstream(file, std::ios::app).close();
  if (chown(file.c_str(), places_.user, places_.group) != 0) throw system_error("giving the guest " + file.string());
  std::error_code ignored;
  fs::remove(places_.logs / name, ignored);
  fs::create_symlink(file, places_.logs / name);
  return file;
}

DomainSpec HostedHypervisor::outer_spec(const DomainSpec& spec) {
  DomainSpec outer = spec;
  outer.name = outer_name(spec.name);
  outer.kernel = provide(spec.kernel);
  outer.initrd = provide(spec.initrd);
  outer.serial_log = make_serial_log(spec.serial_log);
  for (auto& [name, file] : outer.firmware_files) file = provide(file);
  if (outer.disk) {
    outer.disk->file = provide(spec.disk->file);
    for (std::string* file : {&outer.disk->overlay, &outer.disk->variables, &outer.disk->seed})
      if (!file->empty()) *file = outer_path(*file);
  }
  for (DomainNic& nic : outer.nics) {
    const auto known =
        std::find_if(nics_.begin(), nics_.end(), [&](const auto& one) { return one.second.tap == nic.tap; });
    const DomainNic inner = nic;
    nic.tap = known != nics_.end() ? known->first : fmt::format("ol{}n{}", short_id(made_.uuid()), nics_.size());
    nic.bridge.clear();
    nic.isolated = false;
    nics_[nic.tap] = inner;
  }
  return outer;
}

void HostedHypervisor::start(const DomainSpec& spec) {
  DomainSpec outer;
  {
    const std::lock_guard lock(mutex_);
    outer = outer_spec(spec);
    made_.is_going_to_make({outer.name, uuid_of_(outer.name), made_.uuid()});
  }
  // A journal that cannot be written (the disk is full) costs `offlab gc` a wait, and is not what went wrong here.
  const auto returned = [&] {
    const std::lock_guard lock(mutex_);
    try {
      made_.start_returned(outer.name);
    } catch (const std::exception&) {
    }
  };
  try {
    libvirt_.start(outer);
  } catch (...) {
    returned();
    throw;
  }
  returned();
}

void HostedHypervisor::save(const DomainSpec& spec, const std::string&) {
  throw Error(fmt::format("guest '{}' is the host's libvirtd's: it is not saved", spec.name));
}

void HostedHypervisor::restore(const DomainSpec& spec, const std::string& file) {
  save(spec, file);
}

void HostedHypervisor::destroy(const std::string& name) {
  libvirt_.destroy(outer_name(name));
}

double HostedHypervisor::cpu_seconds(const std::string& name) {
  return libvirt_.cpu_seconds(outer_name(name));
}

void HostedHypervisor::on_stopped(StopListener listener) {
  if (!listener) return libvirt_.on_stopped(nullptr);
  libvirt_.on_stopped([this, listener = std::move(listener)](const std::string& name, GuestEnd how) {
    listener(name.substr(std::min(name.size(), outer_name("").size())), how);
  });
}

DomainNic HostedHypervisor::nic_of(const std::string& outer_tap) {
  const std::lock_guard lock(mutex_);
  return nics_.at(outer_tap);
}

}  // namespace offlab
