#include "host/packet_capture.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <mutex>
#include <thread>

#include <fmt/core.h>
#include <sys/resource.h>

#include "base/error.h"
#include "capture/kept_frames.h"
#include "host/packet_ring.h"

namespace offlab {
namespace {

// The ring holds 16 MiB, some 60 000 frames at the default snap length. Waiting for every single frame instead wakes
// this thread for each, which costs a software-emulated lab several percent of its goodput.
constexpr auto drain_interval = std::chrono::milliseconds(20);

std::int64_t nanoseconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

// Frames carry the wall clock's time.
std::int64_t wall_clock_offset() {
  return nanoseconds(CLOCK_REALTIME) - nanoseconds(CLOCK_MONOTONIC);
}

struct Point {
  explicit Point(const CaptureRequest& request)
      : id(request.point.id),
        ring(request.interface, request.snap_length),
        kept(request.point, request.file,
             {request.interface, request.description, request.snap_length, request.section_comment},
             request.limit.bytes) {}

  void drain() {
    for (Frame frame; ring.peek(frame); ring.release()) kept.take(frame);
    kept.publish();
  }

  std::string id;
  PacketRing ring;
  KeptFrames kept;
};

class PacketCapture : public Capture {
 public:
  explicit PacketCapture(const std::vector<CaptureRequest>& requests) {
    for (const CaptureRequest& request : requests)
      points_.push_back(with_frame(fmt::format("capture on '{}'", request.interface),
                                   [&] { return std::make_unique<Point>(request); }));
    thread_ = std::jthread([this](const std::stop_token& stop) { pump(stop); });
  }

  std::uint64_t bogus_errors(const std::string& point) const override {
    const auto found = std::find_if(points_.begin(), points_.end(), [&](const auto& one) { return one->id == point; });
    return found == points_.end() ? 0 : (*found)->kept.bogus();
  }

  std::vector<CaptureStatistics> stop() override {
    thread_.request_stop();
    thread_.join();
    if (failure_) std::rethrow_exception(failure_);
    std::vector<CaptureStatistics> all;
    for (auto& point : points_) {
      point->ring.settle([&] { point->drain(); });
      all.push_back(point->kept.finish(point->ring.drops(), clock_step_ns_));
    }
    return all;
  }

 private:
  void pump(const std::stop_token& stop) {
    // The guests keep every core busy; the ring must be emptied all the same.
    setpriority(PRIO_PROCESS, 0, -10);
    const std::int64_t offset = wall_clock_offset();
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    try {
      while (!stop.stop_requested()) {
        for (auto& point : points_) point->drain();
        if (const std::int64_t step = wall_clock_offset() - offset; std::abs(step) > std::abs(clock_step_ns_))
          clock_step_ns_ = step;
        wake.wait_for(lock, stop, drain_interval, [] { return false; });
      }
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  std::vector<std::unique_ptr<Point>> points_;
  std::exception_ptr failure_;
  std::int64_t clock_step_ns_ = 0;  // the thread's, until it ended
  std::jthread thread_;
};

}  // namespace

std::unique_ptr<Capture> start_packet_capture(const std::vector<CaptureRequest>& requests) {
  return std::make_unique<PacketCapture>(requests);
}

}  // namespace offlab
