#include "session/accelerator.h"

#include <fstream>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/utsname.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/handle.h"
#include "base/usage_error.h"
#include "executor/worker_stream.h"
#include "plan/deadlines.h"
#include "record/worker_request.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

// Why KVM cannot even be tried; empty when it can.
std::string kvm_device_trouble() {
  const UniqueFd kvm(open("/dev/kvm", O_RDWR | O_CLOEXEC));
  return kvm ? "" : system_error("/dev/kvm cannot be opened").what();
}

// The answer holds for this kernel, this QEMU and this guest kernel.
fs::path answer_file(const GuestImage& image, const fs::path& cache) {
  utsname host{};
  uname(&host);
  std::error_code ignored;
  const auto qemu = fs::last_write_time("/usr/bin/qemu-system-x86_64", ignored).time_since_epoch().count();
  const std::string key = fmt::format("{} {} {} {}", host.release, host.version, qemu, image.digest);
  return cache / ("kvm-probe-" + sha256_hex(key).substr(0, 16));
}

// Boots the guest kernel under KVM; empty on success, otherwise what happened.
std::string probe(const GuestImage& image, const fs::path& cache, const fs::path& run_folder, Observer& observer,
                  const std::stop_token& stop) {
  observer.on(event::Note{"trying KVM: booting the guest's kernel once"});
  WorkerRequest request;
  request.lab.name = "kvm-probe";
  request.accelerator = Accelerator::kvm;
  request.images[image.name] = {fs::relative(image.kernel, cache), fs::relative(image.initrd, cache), image.digest};
  fs::create_directories(run_folder / "labs/kvm-probe");
  WorkerStream worker(spawn_isolated({"worker", "--probe", run_folder.string(), cache.string()}, Isolation::lab,
                                     run_folder / "labs/kvm-probe/worker.log"),
                      stop);
  worker.greet();
  worker.send(worker_request_to_json(request));
  const Deadline deadline("the KVM probe", limits::hypervisor + limits::probe + limits::margin);
  while (const auto message = worker.next(deadline)) {
    if (const auto* probed = std::get_if<message::Probed>(&*message)) return probed->booted ? "" : probed->reason;
    if (const auto* failed = std::get_if<message::Failed>(&*message)) return failed->reason;
  }
  return "the probe's worker died";
}

std::string kvm_trouble(const GuestImage& image, const fs::path& cache, const fs::path& run_folder, Observer& observer,
                        const std::stop_token& stop) {
  if (std::string trouble = kvm_device_trouble(); !trouble.empty()) return trouble;
  const fs::path file = answer_file(image, cache);
  if (fs::exists(file)) {
    std::string answer;
    std::getline(std::ifstream(file), answer);
    return answer == "works" ? "" : answer + " (remembered; remove " + file.string() + " to try again)";
  }
  const std::string trouble = probe(image, cache, run_folder, observer, stop);
  std::ofstream(file) << (trouble.empty() ? "works" : trouble) << "\n";
  return trouble;
}

}  // namespace

void check_accelerator(const std::string& word) {
  if (word != "auto" && word != "kvm" && word != "tcg")
    throw UsageError(fmt::format("error: --accel {} is none of auto, kvm, tcg\n", word));
}

Accelerator choose_accelerator(const std::string& word, const GuestImage& image, const fs::path& cache,
                               const fs::path& run_folder, Observer& observer, const std::stop_token& stop) {
  check_accelerator(word);
  if (word == "tcg") return Accelerator::tcg;
  const std::string trouble = kvm_trouble(image, cache, run_folder, observer, stop);
  if (trouble.empty()) return Accelerator::kvm;
  if (word == "kvm") throw Error("KVM is not usable: " + trouble, "use --accel tcg");
  observer.on(event::Note{fmt::format("no KVM ({}): guests run under TCG, software emulation", trouble)});
  return Accelerator::tcg;
}

}  // namespace offlab
