#include "lab/probe_boot.h"

#include <functional>
#include <mutex>
#include <optional>

#include "base/error.h"

namespace offlab {
namespace {

// Hears how the guest ends.
class EndOfGuest {
 public:
  explicit EndOfGuest(Hypervisor& hypervisor) : hypervisor_(hypervisor) {
    hypervisor_.on_stopped([this](const std::string&, GuestEnd how) {
      {
        const std::lock_guard lock(mutex_);
        how_ = how;
      }
      over_.request_stop();
    });
  }
  EndOfGuest(const EndOfGuest&) = delete;
  EndOfGuest& operator=(const EndOfGuest&) = delete;
  ~EndOfGuest() { hypervisor_.on_stopped(nullptr); }

  // Nothing when it still runs at the deadline.
  std::optional<GuestEnd> wait(const Deadline& deadline, const std::stop_token& stop) {
    {
      const std::stop_callback<std::function<void()>> interrupted(stop, [this] { over_.request_stop(); });
      deadline.wait(over_.get_token());
    }
    if (stop.stop_requested()) throw Interrupted();
    const std::lock_guard lock(mutex_);
    return how_;
  }

 private:
  Hypervisor& hypervisor_;
  std::mutex mutex_;
  std::optional<GuestEnd> how_;
  std::stop_source over_;
};

}  // namespace

BootProbe probe_boot(Hypervisor& hypervisor, const DomainSpec& spec, const Deadline& deadline,
                     const std::stop_token& stop) {
  EndOfGuest end(hypervisor);
  try {
    hypervisor.start(spec);
    const auto how = end.wait(deadline, stop);
    if (how == GuestEnd::shut_down) return {true, ""};
    if (how) return {false, std::string("the guest ") + to_string(*how)};
    hypervisor.destroy(spec.name);
    return {false, "the guest's kernel did not come up in time"};
  } catch (const Error& error) {
    return {false, error.what()};
  }
}

}  // namespace offlab
