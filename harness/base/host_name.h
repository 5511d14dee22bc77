#pragma once

#include <string>

namespace offlab {

// As gethostname(2) has it.
std::string host_name();

// "root@ci-1": this user on this host.
std::string user_at_host();

}  // namespace offlab
