// FreeBSD, pfSense and OPNsense, by manuals, sources and reports of others: it was not tried on a real one.
#pragma once

#include "family/guest_family.h"

namespace offlab {

const GuestFamily& freebsd_family();

}  // namespace offlab
