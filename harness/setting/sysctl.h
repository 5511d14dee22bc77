// The names of sysctls: "net.core.gro_normal_batch".
#pragma once

#include <optional>
#include <string>

#include "model/guest_value.h"

namespace offlab {

// The name when it may be one: words of letters, digits, '_' and '-' with dots between, at least two. Nothing as well
// for those that offlab switches itself.
std::optional<std::string> sysctl_name(const std::string& text);

// What to write instead of a text that is none.
std::string sysctl_hint(const std::string& text);

// Where a guest has it: "sysctl net.core.gro_normal_batch", "/proc/sys/net/core/gro_normal_batch".
GuestFile sysctl_file(const std::string& name);

}  // namespace offlab
