#include "machine/remote_observation.h"

#include <algorithm>
#include <condition_variable>
#include <sstream>
#include <stop_token>
#include <thread>

#include <fmt/core.h>

#include "base/error.h"
#include "base/shell_words.h"
#include "family/guest_family.h"
#include "plan/deadlines.h"

namespace offlab {
namespace {

constexpr int most_rounds = 6000;                 // ten minutes
constexpr std::chrono::minutes renewed_after{4};  // before a transfer: it takes less than the rest

struct Counters {
  std::uint64_t received = 0;
  std::uint64_t sent = 0;
};

}  // namespace

// The counters of one machine, as they come. Ends with the object, or when the machine does not print any more.
class CounterStream {
 public:
  CounterStream(NodeShell& shell, Clock& clock, const std::string& node, const std::string& script)
      : clock_(clock), node_(node), begin_(clock.now()), heard_(begin_) {
    thread_ = std::jthread([this, &shell, script] {
      std::string trouble = "it stopped printing its counters";
      try {
        const CommandEnd end = shell.stream(
            node_, script, [this](std::string_view chunk) { add(chunk); },
            Deadline("the counters of " + node_, std::chrono::seconds(most_rounds), clock_), left_.get_token(), {});
        if (!end.errors.empty()) trouble = without_last_ends_of_line(end.errors);
      } catch (const std::exception& error) {
        trouble = error.what();
      }
      const std::lock_guard lock(mutex_);
      trouble_ = trouble;
      changed_.notify_all();
    });
  }
  CounterStream(const CounterStream&) = delete;
  CounterStream& operator=(const CounterStream&) = delete;
  ~CounterStream() { left_.request_stop(); }

  bool is_worn() {
    const std::lock_guard lock(mutex_);
    return !trouble_.empty() || clock_.now() - begin_ > renewed_after;
  }

  // The last ones that came.
  Counters read(const std::string& device) {
    std::unique_lock lock(mutex_);
    while (true) {
      const bool is_silent = clock_.now() - heard_ > limits::silence;
      if (!trouble_.empty()) throw MachineSilent(fmt::format("'{}' stopped answering: {}", node_, trouble_));
      if (is_silent) throw MachineSilent(fmt::format("'{}' has not answered for {} s", node_, limits::silence.count()));
      if (const auto found = counters_.find(device); found != counters_.end()) return found->second;
      changed_.wait_for(lock, std::chrono::milliseconds(50));
    }
  }

 private:
  void add(std::string_view chunk) {
    const std::lock_guard lock(mutex_);
    text_ += chunk;
    for (auto end = text_.find('\n'); end != std::string::npos; end = text_.find('\n')) {
      std::istringstream line(text_.substr(0, end));
      text_.erase(0, end + 1);
      std::string device;
      Counters counters;
      if (line >> device >> counters.received >> counters.sent) counters_[device] = counters;
    }
    heard_ = clock_.now();
    changed_.notify_all();
  }

  Clock& clock_;
  std::string node_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string text_;
  std::map<std::string, Counters> counters_;
  Clock::Time begin_;
  Clock::Time heard_;
  std::string trouble_;
  std::stop_source left_;
  std::jthread thread_;
};

RemoteObservation::RemoteObservation(NodeShell& shell, Clock& clock, Observability shows, std::vector<RemoteNic> nics,
                                     RemoteCaptureOptions options)
    : shell_(shell), clock_(clock), shows_(std::move(shows)), nics_(std::move(nics)), options_(std::move(options)) {}

RemoteObservation::~RemoteObservation() = default;

const RemoteNic& RemoteObservation::nic_of(const std::string& tap) const {
  const auto nic = std::find_if(nics_.begin(), nics_.end(), [&](const RemoteNic& one) { return one.tap == tap; });
  if (nic == nics_.end()) throw Error(fmt::format("'{}' is no NIC of an existing machine", tap));
  return *nic;
}

TapState RemoteObservation::tap_state(const std::string& tap) {
  throw Error(fmt::format("the hypervisor's side of '{}' is not seen from here", tap));
}

TapSample RemoteObservation::sample(const std::string& tap) {
  const RemoteNic& nic = nic_of(tap);
  CounterStream* stream = nullptr;
  {
    const std::lock_guard lock(mutex_);
    std::unique_ptr<CounterStream>& kept = streams_[nic.node];
    if (!kept) {
      std::vector<std::string> devices;
      for (const RemoteNic& one : nics_)
        if (one.node == nic.node) devices.push_back(one.device);
      kept = std::make_unique<CounterStream>(shell_, clock_, nic.node,
                                             family_of(nic.system).count_bytes(devices, most_rounds));
    }
    stream = kept.get();
  }
  const Counters counters = stream->read(nic.device);
  TapSample sample;
  sample.tap = tap;
  sample.rx_bytes = counters.sent;
  sample.tx_bytes = counters.received;
  return sample;
}

std::unique_ptr<Capture> RemoteObservation::start_capture(const std::vector<CaptureRequest>& requests) {
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(streams_, [](const auto& one) { return one.second->is_worn(); });
  }
  return start_remote_capture(shell_, clock_, requests, nics_, options_);
}

}  // namespace offlab
