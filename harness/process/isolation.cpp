#include "process/isolation.h"

#include <csignal>
#include <cstdint>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <fmt/core.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <net/if.h>
#include <poll.h>
#include <pwd.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "process/pipe.h"
#include "process/spawn.h"
#include "process/user_mapping.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

void mount_or_throw(const char* source, const char* target, const char* type, unsigned long flags, const char* data) {
  if (mount(source, target, type, flags, data) != 0)
    throw system_error(fmt::format("mounting {} on {} for the lab", type == nullptr ? source : type, target));
}

// Kernels before 5.12 cannot: everything stays as it is.
void change_mount(const char* target, std::uint64_t set, std::uint64_t clear, unsigned flags) {
  mount_attr change{};
  change.attr_set = set;
  change.attr_clr = clear;
  if (mount_setattr(AT_FDCWD, target, flags, &change, sizeof change) != 0 && errno != ENOSYS)
    throw system_error(fmt::format("making {} read-only or writable for the lab", target));
}

// With all mounts below it.
void make_read_only(const char* target) {
  change_mount(target, MOUNT_ATTR_RDONLY, 0, AT_RECURSIVE);
}

// Without those below it.
void make_writable(const char* target) {
  change_mount(target, 0, MOUNT_ATTR_RDONLY, 0);
}

void bind(const UniqueFd& folder, const char* target) {
  fs::create_directories(target);
  mount_or_throw(fmt::format("/proc/self/fd/{}", folder.get()).c_str(), target, nullptr, MS_BIND | MS_REC, nullptr);
  make_writable(target);
}

UniqueFd open_folder(const fs::path& path) {
  UniqueFd folder(open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder) throw system_error(fmt::format("opening {}", path.string()));
  return folder;
}

// libvirt's QEMU driver wants this user to exist even if it is not used; a private copy of passwd has it.
void provide_libvirt_user() {
  if (getpwnam("libvirt-qemu") != nullptr) return;
  const auto extend = [](const char* file, const char* line) {
    const std::string copy = fmt::format("/run/offlab{}", file + 4);
    std::ifstream original(file);
    std::ofstream(copy) << original.rdbuf() << line;
    mount_or_throw(copy.c_str(), file, nullptr, MS_BIND, nullptr);
  };
  extend("/etc/passwd", "libvirt-qemu:x:64055:64055::/nonexistent:/usr/sbin/nologin\n");
  extend("/etc/group", "libvirt-qemu:x:64055:\n");
}

void bring_up_loopback() {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  request.ifr_name[0] = 'l';
  request.ifr_name[1] = 'o';
  request.ifr_flags = IFF_UP;
  if (ioctl(socket.get(), SIOCSIFFLAGS, &request) != 0) throw system_error("bringing up the lab's loopback");
}

void leave_host_mounts() {
  mount_or_throw("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
}

void mount_processes() {
  mount_or_throw("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr);
}

// Folders of the host that the lab has in the same place.
class SharedFolders {
 public:
  explicit SharedFolders(const std::vector<fs::path>& paths) {
    for (const fs::path& path : paths)
      if (fs::exists(path)) folders_.emplace_back(path, open_folder(path));
  }
  void mount() const {
    for (const auto& [path, folder] : folders_) bind(folder, path.c_str());
  }

 private:
  std::vector<std::pair<fs::path, UniqueFd>> folders_;
};

void mount_lab(const fs::path& run_folder, const fs::path& cache_folder, const fs::path& shared) {
  const UniqueFd out = open_folder(run_folder);
  const UniqueFd cache = open_folder(cache_folder);
  const SharedFolders host(shared.empty() ? std::vector<fs::path>{}
                                          : std::vector<fs::path>{shared, "/run/libvirt", "/var/log/libvirt"});
  leave_host_mounts();
  make_read_only("/");
  mount_processes();
  mount_or_throw("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr);
  mount_or_throw("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=256m");
  mount_or_throw("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=64m");
  bind(out, lab_paths::out);
  bind(cache, lab_paths::cache);
  host.mount();
  const fs::path images = fs::path(lab_paths::boot) / "images";
  fs::create_directories(images);
  if (fs::exists(fs::path(lab_paths::cache) / "images")) {
    bind(open_folder(fs::path(lab_paths::cache) / "images"), images.c_str());
    make_read_only(images.c_str());
  }
  fs::create_directories(lab_paths::libvirt);
  fs::create_directories(lab_paths::disks);
  fs::create_directories(lab_paths::secrets);
  if (!shared.empty()) return;  // the host has them
  mount_or_throw("tmpfs", lab_paths::disks, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0755,size=50%");
  provide_libvirt_user();
}

pid_t worker_pid = -1;

void forward_termination(int) {
  if (worker_pid > 0) kill(worker_pid, SIGTERM);
}

[[noreturn]] void reap_until_worker_ends() {
  struct sigaction action {};
  action.sa_handler = forward_termination;
  sigaction(SIGTERM, &action, nullptr);
  while (true) {
    int status = 0;
    const pid_t ended = waitpid(-1, &status, 0);
    if (ended != worker_pid) continue;
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  }
}

// The parent may have died before PR_SET_PDEATHSIG took effect; then nobody reads our stdout any more.
bool parent_is_gone() {
  pollfd output{1, POLLOUT, 0};
  return poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

void become_first_process() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (parent_is_gone()) _exit(1);
  if (geteuid() != 0 && (setgid(0) != 0 || setuid(0) != 0)) throw system_error("becoming root of the lab's namespace");
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // a change of identity clears it
}

// Returns in the child.
void leave_reaper_behind() {
  worker_pid = fork();
  if (worker_pid < 0) throw system_error("starting the lab's worker");
  if (worker_pid > 0) reap_until_worker_ends();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
}

void make_lab(const fs::path& run_folder, const fs::path& cache_folder, const fs::path& shared) {
  umask(022);  // QEMU and libvirt's folders for it are another user's; the run folder itself is as it was made
  mount_lab(run_folder, cache_folder, shared);
  bring_up_loopback();
  // Taps and bridges stay silent; the management bridge is switched on by itself.
  std::ofstream("/proc/sys/net/ipv6/conf/default/disable_ipv6") << 1;
}

}  // namespace

IsolatedProcess spawn_isolated(const std::vector<std::string>& arguments, Isolation isolation,
                               const fs::path& error_log) {
  Pipe input = make_pipe();
  Pipe output = make_pipe();
  Pipe mapped = make_pipe();
  const UniqueFd errors(open(error_log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (!errors) throw system_error(fmt::format("creating {}", error_log.string()));
  const bool rootless = geteuid() != 0 && isolation != Isolation::none;
  if (rootless && isolation == Isolation::hosted)
    throw Error("only root can make a lab on this host's libvirtd", "run as root");
  Spawn self;
  self.arguments = {"offlab"};
  self.arguments.insert(self.arguments.end(), arguments.begin(), arguments.end());
  self.program = "/proc/self/exe";
  self.input = input.read.get();
  self.output = output.write.get();
  self.errors = errors.get();
  if (isolation != Isolation::none)
    self.namespaces = static_cast<unsigned long>(CLONE_NEWNS) |
                      (isolation == Isolation::hosted ? 0UL : static_cast<unsigned long>(CLONE_NEWPID)) |
                      (isolation == Isolation::processes ? 0UL : static_cast<unsigned long>(CLONE_NEWNET)) |
                      (rootless ? static_cast<unsigned long>(CLONE_NEWUSER) : 0UL);
  self.go = mapped.read.get();
  self.own_session = true;
  const pid_t pid = spawn(self);
  if (pid < 0)
    throw Error(
        system_error("making the lab's namespaces").what(),
        "run as root, or allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces)");
  IsolatedProcess process{pid, std::move(input.write), std::move(output.read)};
  if (rootless) {
    try {
      map_user(pid);
    } catch (...) {
      mapped.write.reset();
      waitpid(pid, nullptr, 0);
      throw;
    }
  }
  const char go = 1;
  if (write(mapped.write.get(), &go, 1) != 1) throw system_error("starting the lab's first process");
  return process;
}

void enter_lab(const fs::path& run_folder, const fs::path& cache_folder) {
  become_first_process();
  make_lab(run_folder, cache_folder, {});
  leave_reaper_behind();
}

UniqueFd enter_hosted_lab(const fs::path& run_folder, const fs::path& cache_folder, const fs::path& shared) {
  UniqueFd network(open(fmt::format("/proc/{}/ns/net", getppid()).c_str(), O_RDONLY | O_CLOEXEC));
  if (!network) throw system_error("opening the host's network namespace");
  become_first_process();
  fs::create_directories(shared);
  make_lab(run_folder, cache_folder, shared);
  return network;
}

void show_folder(const fs::path& folder, const fs::path& place) {
  bind(open_folder(folder), place.c_str());
}

void hide_device(const char* device) {
  if (!fs::exists(device)) return;
  const fs::path nothing = "/run/offlab/hidden";
  const UniqueFd file(open(nothing.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0));
  if (!file) throw system_error(fmt::format("creating {}", nothing.string()));
  mount_or_throw(nothing.c_str(), device, nullptr, MS_BIND, nullptr);
}

bool give_device(const char* device, unsigned user) {
  struct stat original {};
  if (stat(device, &original) != 0 || !S_ISCHR(original.st_mode)) return false;
  const fs::path folder = "/run/offlab/dev";
  const fs::path own = folder / fs::path(device).filename();
  fs::create_directories(folder);
  return mount("tmpfs", folder.c_str(), "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=0755,size=64k") == 0 &&
         mknod(own.c_str(), S_IFCHR | 0600U, original.st_rdev) == 0 && chown(own.c_str(), user, 0) == 0 &&
         UniqueFd(open(own.c_str(), O_RDWR | O_CLOEXEC)) && mount(own.c_str(), device, nullptr, MS_BIND, nullptr) == 0;
}

// Of a program that root executes, the bounding set is what it may get.
void start_programs_without_capabilities() {
  for (unsigned long capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0; ++capability)
    if (capability != CAP_DAC_OVERRIDE && prctl(PR_CAPBSET_DROP, capability) != 0)
      throw system_error("dropping a capability for the lab's guests");
}

void enter_processes() {
  become_first_process();
  leave_host_mounts();
  mount_processes();
  leave_reaper_behind();
}

}  // namespace offlab
