// The description of a guest in libvirt's words. Pure. Format: https://libvirt.org/formatdomain.html
#pragma once

#include <string>
#include <vector>

#include "port/hypervisor.h"

namespace offlab {

// A user and a group of the host, by number.
struct GuestUser {
  unsigned user = 0;
  unsigned group = 0;
  bool operator==(const GuestUser&) const = default;
};

// Of guests on a libvirt that others use, too.
struct DomainOwner {
  std::string lab;                           // a UUID: the guest's metadata has it, and its own UUID follows from it
  GuestUser user = {};                       // QEMU runs as that one, and libvirt leaves its files as they are
  std::vector<std::string> unconfined = {};  // security models that do not know offlab's files: "apparmor", "selinux"
  std::string cpus = {};                     // the guest runs on these, "0-3,6"; empty: on any
};

// XML namespace of the metadata.
inline constexpr const char* metadata_namespace = "urn:offlab:lab:1";

// With an owner, NICs without a bridge are taps that libvirt makes and joins to nothing.
std::string domain_xml(const DomainSpec& spec, const DomainOwner* owner = nullptr);

// Without an owner, the same for every guest of a name, as a saved state has it: labs do not share a libvirt.
std::string domain_uuid(const std::string& name, const DomainOwner* owner = nullptr);

// A snapshot of a guest's memory to `file`, without its disks. Format: https://libvirt.org/formatsnapshot.html
std::string memory_snapshot_xml(const DomainSpec& spec, const std::string& file);

}  // namespace offlab
