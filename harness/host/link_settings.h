// Links and their settings in sysfs and procfs, in the calling process's network namespace.
#pragma once

#include <string>

namespace offlab {

// "/sys/class/net/DEVICE/FILE"
std::string device_path(const std::string& device, const std::string& file);
// Throw Error with the path.
void write_setting(const std::string& path, const std::string& value);
std::string read_setting(const std::string& path);

// A netlink result below 0 becomes an Error about `action`.
void check_netlink(int result, const std::string& action);

}  // namespace offlab
