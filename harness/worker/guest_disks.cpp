#include "worker/guest_disks.h"

#include <fstream>
#include <sstream>

#include <fmt/core.h>
#include <unistd.h>

#include "base/error.h"
#include "base/new_file.h"
#include "base/read_file.h"
#include "libvirt/uefi_files.h"
#include "process/isolation.h"
#include "process/subprocess.h"
#include "ssh/guest_target.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

constexpr seconds program_limit{20};

void give_to(const fs::path& file, const GuestUser& user) {
  if (chown(file.c_str(), user.user, user.group) != 0)
    throw system_error(fmt::format("giving {} to the guest", file.string()));
}

std::string indented(const std::string& text, const std::string& by) {
  std::string all;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) all += by + line + "\n";
  return all;
}

// A FAT file system with the label that cloud-init looks for.
std::string make_seed(const NodePlan& node, const LabKeys& keys, const GuestUser& user) {
  const fs::path folder = fs::path(lab_paths::disks) / node.name;
  const fs::path image = folder / "seed.img";
  std::ofstream(image, std::ios::binary).close();
  fs::resize_file(image, 1'048'576);
  const auto run = [](const std::vector<std::string>& words) {
    run_or_throw(words, Deadline(words.front(), program_limit), {});
  };
  run({"mkfs.vfat", "-n", "CIDATA", image.string()});
  for (const auto& [name, text] :
       seed_files(node, keys.user_public, read_whole_file(keys.host_key), keys.host_public)) {
    const fs::path file = folder / name;
    NewFile written(folder, name);  // readable by the owner only
    written.write(text);
    written.take_its_place();
    run({"mcopy", "-i", image.string(), file.string(), "::/" + name});
    fs::remove(file);
  }
  give_to(image, user);
  return image;
}

}  // namespace

std::map<std::string, std::string> seed_files(const NodePlan& node, const std::string& user_key,
                                              const std::string& private_host_key, const std::string& public_host_key) {
  const std::string& user = node.disk->login.user;
  const std::string rights = user == "root" ? "" : "\n    sudo: 'ALL=(ALL) NOPASSWD:ALL'\n    shell: /bin/sh";
  return {{"meta-data", fmt::format("instance-id: offlab-{0}\nlocal-hostname: {0}\n", node.name)},
          {"user-data", fmt::format("#cloud-config\n"
                                    "disable_root: false\n"
                                    "users:\n"
                                    "  - name: {}{}\n"
                                    "    ssh_authorized_keys:\n"
                                    "      - {}\n"
                                    "ssh_keys:\n"
                                    "  ed25519_private: |\n{}"
                                    "  ed25519_public: {}\n",
                                    user, rights, user_key, indented(private_host_key, "    "), public_host_key)},
          {"network-config", fmt::format("version: 2\n"
                                         "ethernets:\n"
                                         "  management:\n"
                                         "    match:\n"
                                         "      macaddress: '{}'\n"
                                         "    dhcp4: true\n",
                                         node.management_mac)}};
}

void make_overlay(const DomainDisk& disk, const std::string& saved, const GuestUser& user) {
  fs::create_directories(fs::path(disk.overlay).parent_path());
  if (saved.empty()) {
    fs::remove(disk.overlay);
    run_or_throw({"qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", disk.file, disk.overlay},
                 Deadline("qemu-img create", program_limit), {});
  } else {
    fs::copy_file(saved, disk.overlay, fs::copy_options::overwrite_existing);
  }
  give_to(disk.overlay, user);
  if (disk.variables.empty()) return;
  if (!fs::exists(uefi_variables_file))
    throw Error("a guest boots by UEFI, and its firmware is not installed", "`apt-get install ovmf`");
  fs::copy_file(uefi_variables_file, disk.variables, fs::copy_options::overwrite_existing);
  give_to(disk.variables, user);
}

BootFiles disk_boot_files(const NodePlan& node, const WorkerImage& image, const LabKeys& keys, const GuestUser& user) {
  const fs::path folder = fs::path(lab_paths::disks) / node.name;
  fs::create_directories(folder);
  write_secrets(fs::path(lab_paths::secrets) / node.name, image.key, image.password);
  const fs::path file = fs::path(lab_paths::boot) / image.disk;
  DomainDisk disk{.file = file,
                  .overlay = folder / "overlay.qcow2",
                  .bus = node.disk->bus,
                  .firmware = node.disk->firmware,
                  .variables = node.disk->firmware == Firmware::uefi ? (folder / "variables.fd").string() : ""};
  if (node.disk->cloud_init) disk.seed = make_seed(node, keys, user);
  return {.kernel = {},
          .initrd = {},
          .firmware_files = {},
          .disk = std::move(disk),
          .tool = {file.parent_path() / "offlab-state", file.parent_path() / "offlab-state.sh"}};
}

}  // namespace offlab
