#include "lab/probe_boot.h"

#include <condition_variable>
#include <mutex>

#include <fmt/core.h>

#include "base/error.h"

namespace offlab {
namespace {

constexpr auto boot_limit = std::chrono::seconds(15);

}  // namespace

BootProbe probe_boot(Hypervisor& hypervisor, const DomainSpec& spec, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any ended;
  std::string how;
  hypervisor.on_stopped([&](const std::string&, const std::string& reason) {
    const std::lock_guard lock(mutex);
    how = reason;
    ended.notify_all();
  });
  BootProbe result;
  try {
    hypervisor.start(spec);
    std::unique_lock lock(mutex);
    const bool stopped = ended.wait_for(lock, stop, boot_limit, [&] { return !how.empty(); });
    if (stop.stop_requested()) throw Interrupted();
    result.booted = stopped && how == "shut itself down";
    if (!stopped) result.reason = fmt::format("the guest's kernel did not come up within {} s", boot_limit.count());
    if (stopped && !result.booted) result.reason = "the guest " + how;
  } catch (const Error& error) {
    result.reason = error.what();
  }
  hypervisor.on_stopped(nullptr);
  hypervisor.destroy(spec.name);
  return result;
}

}  // namespace offlab
