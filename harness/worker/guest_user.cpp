#include "worker/guest_user.h"

#include <cstdint>
#include <filesystem>
#include <sstream>

#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/new_file.h"
#include "base/read_file.h"
#include "process/isolation.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

// What Debian gives the user libvirt-qemu; below 65536, so that the sub-ids of an ordinary user have it as well.
constexpr unsigned own_user = 64055;

// Does this user namespace have it? "FIRST OUTSIDE COUNT" lines; see user_namespaces(7).
bool exists_here(unsigned user) {
  std::istringstream ranges(read_whole_file("/proc/self/uid_map"));
  std::uint64_t first = 0;
  std::uint64_t outside = 0;
  for (std::uint64_t count = 0; ranges >> first >> outside >> count;)
    if (user >= first && user - first < count) return true;
  return false;
}

GuestUser root_without_capabilities() {
  start_programs_without_capabilities();
  return {};
}

std::string copy_for(const GuestUser& user, const fs::path& folder, const std::string& name, const fs::path& original) {
  NewFile copy(folder, name);
  copy.write(read_whole_file(original));
  copy.take_its_place();
  const fs::path file = folder / name;
  if (chown(file.c_str(), user.user, user.group) != 0 || chmod(file.c_str(), 0400) != 0)
    throw system_error(fmt::format("giving {} to the guest", file.string()));
  return file;
}

}  // namespace

GuestUser choose_guest_user(Accelerator accelerator) {
  if (!exists_here(own_user)) return root_without_capabilities();
  if (accelerator == Accelerator::tcg) {
    // A device that root can open and QEMU cannot makes libvirt ask QEMU anew what it can do, for every guest, and
    // again and again: 25 s for three.
    hide_device("/dev/kvm");
    return {own_user, own_user};
  }
  return give_device("/dev/kvm", own_user) ? GuestUser{own_user, own_user} : root_without_capabilities();
}

std::map<std::string, std::string> keys_for_guest(const std::string& node, const LabKeys& keys, const GuestUser& user) {
  const fs::path folder = fs::path(lab_paths::boot) / "keys" / node;
  fs::create_directories(folder);
  return {{"opt/org.offlab/authorized_keys", copy_for(user, folder, "authorized_keys", keys.authorized_keys)},
          {"opt/org.offlab/host_key", copy_for(user, folder, "host_key", keys.host_key)}};
}

}  // namespace offlab
