#include "host/link_settings.h"

#include <fstream>

#include <fmt/core.h>
#include <netlink/netlink.h>

#include "base/error.h"

namespace offlab {

std::string device_path(const std::string& device, const std::string& file) {
  return fmt::format("/sys/class/net/{}/{}", device, file);
}

void write_setting(const std::string& path, const std::string& value) {
  std::ofstream file(path);
  file << value << std::flush;
  if (!file) throw Error(fmt::format("writing '{}' to {} failed", value, path));
}

std::string read_setting(const std::string& path) {
  std::ifstream file(path);
  std::string value;
  if (!(file >> value)) throw Error(fmt::format("reading {} failed", path));
  return value;
}

void check_netlink(int result, const std::string& action) {
  if (result < 0) throw Error(fmt::format("{}: {}", action, nl_geterror(result)));
}

}  // namespace offlab
