#include <array>
#include <cstdlib>
#include <functional>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clean_format.h"
#include "base/error.h"
#include "cache/image_store.h"
#include "cache/memory_reservation.h"
#include "cli/lab_commands.h"
#include "process/isolation.h"
#include "process/user_mapping.h"
#include "session/image_recipes.h"
#include "session/paths.h"
#include "session/preflight.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr int cannot_run_status = 3;
constexpr std::uint64_t mebibyte{1'048'576};
constexpr ByteCount usual_lab{3UL * (192 + 100) * mebibyte};
constexpr ByteCount enough_disk{1'000'000'000};

class Examination {
 public:
  // `check` returns what was found, or throws Error.
  void require(const char* what, const std::function<std::string()>& check) {
    try {
      clean_print(stdout, "ok       {:<18} {}\n", what, check());
    } catch (const Error& error) {
      clean_print(stdout, "MISSING  {:<18} {}\n", what, error.what());
      if (!error.remedy().empty()) clean_print(stdout, "         {:<18} remedy: {}\n", "", error.remedy());
      healthy_ = false;
    }
  }
  static void note(const char* what, const std::string& text) {
    clean_print(stdout, "note     {:<18} {}\n", what, text);
  }
  bool healthy() const { return healthy_; }

 private:
  bool healthy_ = true;
};

std::string check_user() {
  if (geteuid() == 0) return "root";
  require_sub_ids();
  for (const char* program : {"newuidmap", "newgidmap"})
    if (!in_path(program)) throw Error(fmt::format("{} is missing", program), "apt-get install uidmap");
  return "an ordinary user with sub-ids, newuidmap and newgidmap";
}

// Starts a process in new namespaces, as a lab does: this program, which only tells its version.
std::string try_namespaces() {
  const IsolatedProcess process = spawn_isolated({"--version"}, Isolation::lab, "/dev/null");
  std::array<char, 64> text{};
  const ssize_t got = read(process.output.get(), text.data(), text.size());
  int status = 0;
  waitpid(process.pid, &status, 0);
  if (got <= 0 || status != 0) throw Error("a process in new namespaces ended at once");
  return "user, network, PID and mount namespaces can be made";
}

std::string check_program(const char* program, const char* package) {
  if (!in_path(program))
    throw Error(fmt::format("{} is not installed", program),
                fmt::format("./ci/deps.sh run, or apt-get install {}", package));
  return program;
}

std::string check_libvirt_driver() {
  for (const char* folder : {"/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib"}) {
    const fs::path driver = fs::path(folder) / "libvirt/connection-driver/libvirt_driver_qemu.so";
    if (fs::exists(driver)) return driver;
  }
  throw Error("libvirt's QEMU driver is not installed (libvirt_driver_qemu.so)",
              "./ci/deps.sh run, or apt-get install libvirt-daemon");
}

std::string check_disk(const fs::path& cache) {
  const fs::space_info space = fs::space(cache);
  const std::string text = fmt::format("{} free in {}", to_string(ByteCount{space.available}), cache.string());
  if (space.available < enough_disk.bytes) throw Error(text, "free some space, or set OFFLAB_CACHE to another folder");
  return text;
}

std::string check_memory(const fs::path& cache) {
  const std::vector<MemoryClaim> claims = memory_claims(cache);
  const std::uint64_t labs = labs_that_fit(host_memory(), claims, usual_lab);
  std::string text = fmt::format("{} MiB; room for {} lab{} of three 192 MiB guests", host_memory().bytes / mebibyte,
                                 labs, labs == 1 ? "" : "s");
  if (!claims.empty()) text += fmt::format(" beside the {} that run", claims.size());
  if (labs == 0 && claims.empty()) throw Error(text, "give the machine more memory");
  return text;
}

std::string kvm_state() {
  const UniqueFd kvm(open("/dev/kvm", O_RDWR | O_CLOEXEC));
  if (kvm) return "/dev/kvm opens; the first run boots the guest's kernel once to see whether it works";
  return fmt::format("{}: guests run under software emulation (TCG), which is slower",
                     system_error("/dev/kvm cannot be opened").what());
}

std::string image_state(const fs::path& cache) try {
  const auto image = ImageStore(cache, [](const std::string&) {}).find(load_image_recipe("debian-12"));
  return image ? fmt::format("debian-12 is there, kernel {}", image->kernel_release)
               : "debian-12 is not built yet; the first run builds it, or `offlab image build debian-12`";
} catch (const Error& error) {  // what is missing for it has a row of its own
  return fmt::format("not looked for: {}", error.what());
}

// What recipes with a disk need, and nothing else does.
std::string disk_programs_state() {
  const std::array<std::pair<const char*, const char*>, 4> programs = {
      {{"qemu-img", "qemu-utils"}, {"dnsmasq", "dnsmasq-base"}, {"mkfs.vfat", "dosfstools"}, {"mcopy", "mtools"}}};
  std::vector<std::string> missing;
  std::vector<std::string> packages;
  for (const auto& [program, package] : programs)
    if (!in_path(program)) {
      missing.emplace_back(program);
      packages.emplace_back(package);
    }
  return missing.empty() ? "can be booted"
                         : fmt::format("cannot all be booted, missing: {}; `apt-get install {}`",
                                       fmt::join(missing, ", "), fmt::join(packages, " "));
}

}  // namespace

int doctor_command() {
  const fs::path cache = cache_folder();
  Examination examination;
  examination.require("user", check_user);
  examination.require("/dev/net/tun", [] {
    check_tun();
    return std::string("can be used");
  });
  examination.require("namespaces", try_namespaces);
  examination.require("QEMU", [] { return check_program("qemu-system-x86_64", "qemu-system-x86"); });
  examination.require("libvirt", check_libvirt_driver);
  examination.require("mmdebstrap", [] { return check_program("mmdebstrap", "mmdebstrap"); });
  examination.require("depmod", [] { return check_program("depmod", "kmod"); });
  for (const char* program : {"offlab-state", "offlab-background"})
    examination.require(program, [&] { return shipped_file(program).string(); });
  examination.require("disk", [&] { return check_disk(cache); });
  examination.require("memory", [&] { return check_memory(cache); });
  Examination::note("disks of users", disk_programs_state());
  Examination::note("KVM", kvm_state());
  Examination::note("guest image", image_state(cache));
  fmt::print("{}\n", examination.healthy() ? "labs can run here" : "labs cannot run here");
  return examination.healthy() ? 0 : cannot_run_status;
}

}  // namespace offlab
