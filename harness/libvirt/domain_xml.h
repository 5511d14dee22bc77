// The description of a guest in libvirt's words. Pure. Format: https://libvirt.org/formatdomain.html
#pragma once

#include <string>

#include "port/hypervisor.h"

namespace offlab {

std::string domain_xml(const DomainSpec& spec);

}  // namespace offlab
