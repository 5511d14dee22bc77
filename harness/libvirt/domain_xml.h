// The description of a guest in libvirt's words. Pure. Format: https://libvirt.org/formatdomain.html
#pragma once

#include <string>

#include "port/hypervisor.h"

namespace offlab {

std::string domain_xml(const DomainSpec& spec);

// A snapshot of a guest's memory to `file`, without its disks. Format: https://libvirt.org/formatsnapshot.html
std::string memory_snapshot_xml(const DomainSpec& spec, const std::string& file);

}  // namespace offlab
