// Linux with iproute2 and ethtool, or with busybox in their place where it can do the same.
#pragma once

#include "family/guest_family.h"

namespace offlab {

const GuestFamily& linux_family();

}  // namespace offlab
