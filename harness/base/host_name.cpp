#include "base/host_name.h"

#include <array>
#include <cstdlib>

#include <unistd.h>

namespace offlab {

std::string host_name() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

std::string user_at_host() {
  const char* user = std::getenv("USER");
  return (user == nullptr ? "uid " + std::to_string(getuid()) : user) + "@" + host_name();
}

}  // namespace offlab
