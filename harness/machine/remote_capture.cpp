#include "machine/remote_capture.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <condition_variable>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include <fmt/core.h>
#include <fmt/format.h>

#include "base/error.h"
#include "base/shell_words.h"
#include "capture/kept_frames.h"
#include "capture/pcap_reader.h"
#include "lab/run_commands.h"
#include "machine/byte_queue.h"
#include "machine/clock_offset.h"
#include "machine/pktcap.h"
#include "plan/deadlines.h"

namespace offlab {
namespace {

constexpr std::chrono::milliseconds settle{300};
constexpr std::uint32_t ethernet = 1;  // LINKTYPE_ETHERNET
constexpr std::size_t mac_size = 6;
using Mac = std::array<std::uint8_t, mac_size>;

Mac mac_of(NodeShell& shell, Clock& clock, const RemoteNic& nic) {
  const std::string text = shell
                               .run(nic.node, family_of(nic.system).show_mac(nic.device),
                                    Deadline("the MAC address of " + nic.device, limits::command, clock), {})
                               .output;
  Mac mac{};
  if (text.size() < mac_size * 3 - 1) throw Error(fmt::format("'{}' has no interface '{}'", nic.node, nic.device));
  for (std::size_t i = 0; i < mac_size; ++i) {
    const char* begin = text.data() + i * 3;
    if (std::from_chars(begin, begin + 2, mac[i], 16).ptr != begin + 2)
      throw Error(fmt::format("{} of '{}' has no MAC address", nic.device, nic.node));
  }
  return mac;
}

// One tcpdump: what it prints is read by a thread of its own, so that what comes over SSH need not wait.
class Point {
 public:
  Point(const CaptureRequest& request, const RemoteNic& nic, const Mac& mac, std::int64_t ahead_ns)
      : id_(request.point.id),
        nic_(nic),
        mac_(mac),
        ahead_ns_(ahead_ns),
        kept_(request.point, request.file,
              {nic.captured_as, request.description, request.snap_length, request.section_comment, false},
              request.limit.bytes, nic.mtu.bytes) {}
  Point(const Point&) = delete;
  Point& operator=(const Point&) = delete;
  ~Point() {
    left_.request_stop();
    queue_.leave();
    queue_.end();
  }

  void start(NodeShell& shell, Clock& clock, const std::string& script, std::chrono::seconds longest) {
    reader_ = std::jthread([this] { read(); });
    receiver_ = std::jthread([this, &shell, &clock, script, longest] {
      receive(shell, script, Deadline("tcpdump on " + nic_.captured_on, longest + limits::command, clock));
    });
  }

  // Returns when frames come, or throws.
  void await_start(const Deadline& deadline) {
    std::unique_lock lock(mutex_);
    while (!started_ && !ended_) {
      deadline.check({});
      changed_.wait_for(lock, deadline.left(std::chrono::milliseconds(100)));
    }
    if (!started_) fail();
  }

  void ask_to_end() { enough_.request_stop(); }

  CaptureStatistics finish(const Deadline& deadline, std::int64_t clock_step_ns) {
    {
      std::unique_lock lock(mutex_);
      while (!ended_ && !deadline.passed()) changed_.wait_for(lock, deadline.left(std::chrono::milliseconds(100)));
      if (!ended_) trouble_ = "it did not end";
    }
    left_.request_stop();
    receiver_.join();
    reader_.join();
    if (!trouble_.empty() || damage_) fail();
    const auto dropped = nic_.by_pktcap ? dropped_by_pktcap(errors_) : dropped_by_kernel(errors_);
    if (!dropped)
      throw Error(fmt::format("{} on {} did not say what it lost: {}", program(), nic_.captured_on, errors_));
    return kept_.finish(*dropped, clock_step_ns);
  }

  std::uint64_t bogus() const { return kept_.bogus(); }
  const std::string& id() const { return id_; }
  const RemoteNic& nic() const { return nic_; }

 private:
  const char* program() const { return nic_.by_pktcap ? "pktcap-uw" : "tcpdump"; }

  [[noreturn]] void fail() const {
    std::string why = trouble_.empty() ? without_last_ends_of_line(errors_) : trouble_;
    if (damage_) try {
        std::rethrow_exception(damage_);
      } catch (const std::exception& error) {
        if (why.empty()) why = error.what();
      }
    const bool is_missing = exit_status_ == 127;
    throw Error(fmt::format("capture of {} on {}: {}", nic_.captured_as, nic_.captured_on,
                            is_missing ? "there is no tcpdump" : why),
                is_missing                      ? fmt::format("install tcpdump on {}", nic_.captured_on)
                : nic_.captured_on == nic_.node ? ""
                : nic_.by_pktcap                ? "on an ESXi host `net-stats -l` names the virtual NICs"
                                                : "on a KVM host `virsh domiflist DOMAIN` names the taps");
  }

  void receive(NodeShell& shell, const std::string& script, const Deadline& deadline) {
    CommandEnd end;
    std::string trouble;
    try {
      end = shell.stream(
          nic_.captured_on, script, [this](std::string_view chunk) { queue_.put(chunk); }, deadline, left_.get_token(),
          enough_.get_token());
    } catch (const std::exception& error) {
      trouble = error.what();
    }
    queue_.end();
    const std::lock_guard lock(mutex_);
    exit_status_ = end.exit_status;
    errors_ = end.errors;
    trouble_ = trouble;
    ended_ = true;
    changed_.notify_all();
  }

  void read() {
    try {
      PcapReader file(CaptureStream(std::make_unique<QueuedBytes>(queue_), "tcpdump's output", 0));
      if (file.interfaces().empty() || file.interfaces().front().link_type != ethernet)
        throw Error("it is no Ethernet interface");
      {
        const std::lock_guard lock(mutex_);
        started_ = true;
        changed_.notify_all();
      }
      for (Frame frame; file.next(frame);) take(frame);
    } catch (const std::exception&) {
      const std::lock_guard lock(mutex_);
      damage_ = std::current_exception();
    }
    queue_.leave();
  }

  // What the machine sends has its own address as the source.
  void take(Frame& frame) {
    frame.time_ns -= ahead_ns_;
    frame.has_direction = true;
    frame.to_guest =
        frame.bytes.size() < 2 * mac_size || !std::equal(mac_.begin(), mac_.end(), frame.bytes.begin() + mac_size);
    kept_.take(frame);
    kept_.publish();
  }

  std::string id_;
  RemoteNic nic_;
  Mac mac_;
  std::int64_t ahead_ns_;
  KeptFrames kept_;
  ByteQueue queue_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool started_ = false;
  bool ended_ = false;
  int exit_status_ = 0;
  std::string errors_;
  std::string trouble_;
  std::exception_ptr damage_;  // the reader's, until it ended
  std::stop_source enough_;
  std::stop_source left_;
  std::jthread reader_;
  std::jthread receiver_;
};

class RemoteCapture : public Capture {
 public:
  RemoteCapture(NodeShell& shell, Clock& clock, const RemoteCaptureOptions& options)
      : shell_(shell), clock_(clock), options_(options) {}

  void add(const CaptureRequest& request, const RemoteNic& nic) {
    const auto [offset, is_new] = offsets_.try_emplace(nic.captured_on);
    if (is_new) offset->second = clock_offset(shell_, clock_, nic.captured_on, {});
    points_.push_back(std::make_unique<Point>(request, nic, mac_of(shell_, clock_, nic),
                                              offset->second ? offset->second->ahead_ns : 0));
    const bool below = nic.captured_on != nic.node;  // on the host that carries the machine
    const std::string filter = capture_filter(options_.ports, below);
    points_.back()->start(shell_, clock_,
                          nic.by_pktcap
                              ? pktcap_script(nic.captured_as, request.snap_length, filter, options_.longest)
                              : capture_script(family_of(below ? SystemKind::gnu_linux : nic.system), nic.captured_as,
                                               request.snap_length, filter, options_.longest),
                          options_.longest);
  }

  void await_start() {
    for (const auto& point : points_)
      point->await_start(Deadline("tcpdump on " + point->nic().captured_on, limits::command, clock_));
  }

  std::uint64_t bogus_errors(const std::string& point) const override {
    const auto found =
        std::find_if(points_.begin(), points_.end(), [&](const auto& one) { return one->id() == point; });
    return found == points_.end() ? 0 : (*found)->bogus();
  }

  std::vector<CaptureStatistics> stop() override {
    std::map<std::string, std::int64_t> steps;
    for (const auto& [node, before] : offsets_)
      if (before)
        if (const auto after = clock_offset(shell_, clock_, node, {})) steps[node] = step_of(*before, *after);
    // tcpdump ends without what it has not read yet.
    Deadline("tcpdump", settle, clock_).wait({});
    for (const auto& point : points_) point->ask_to_end();
    std::vector<CaptureStatistics> all;
    for (const auto& point : points_)
      all.push_back(
          point->finish(Deadline("the end of tcpdump on " + point->nic().captured_on, limits::command, clock_),
                        steps[point->nic().captured_on]));
    return all;
  }

 private:
  // By how much the other clock was set meanwhile; 0 where that may be the doubt alone.
  static std::int64_t step_of(const ClockOffset& before, const ClockOffset& after) {
    const std::int64_t step = after.ahead_ns - before.ahead_ns;
    return std::abs(step) <= before.doubt_ns + after.doubt_ns ? 0 : step;
  }

  NodeShell& shell_;
  Clock& clock_;
  RemoteCaptureOptions options_;
  std::map<std::string, std::optional<ClockOffset>> offsets_;
  std::vector<std::unique_ptr<Point>> points_;
};

}  // namespace

std::string capture_filter(const std::vector<std::uint16_t>& ports, bool tagged) {
  std::string any = "icmp or icmp6 or (ip[6:2] & 0x1fff != 0)";
  for (const std::uint16_t port : ports) any += fmt::format(" or port {}", port);
  return tagged ? fmt::format("{0} or (vlan and ({0}))", any) : any;
}

std::string capture_script(const GuestFamily& family, const std::string& interface, std::uint32_t snap_length,
                           const std::string& filter, std::chrono::seconds longest) {
  // A lost connection is not seen on the machine: it ends there by itself. Many a tcpdump gives up root for a user of
  // its own, who need not be there.
  return fmt::format(
      "command -v tcpdump > /dev/null || exit 127\n"
      "z=; tcpdump -Z root -D > /dev/null 2>&1 && z='-Z root'\n{}",
      ended_by_input(fmt::format("timeout -s INT {} tcpdump $z -i {} -n -p -U --immediate-mode -s {} -B 16384 "
                                 "{}-w - {}",
                                 longest.count(), shell_quoted(interface), snap_length, family.tcpdump_words(),
                                 shell_quoted(filter)),
                     "kill -INT $p"));
}

std::optional<std::uint64_t> dropped_by_kernel(const std::string& errors) {
  const auto words = errors.find(" packets dropped by kernel");
  if (words == std::string::npos) return std::nullopt;
  std::size_t begin = words;
  while (begin > 0 && errors[begin - 1] >= '0' && errors[begin - 1] <= '9') --begin;
  std::uint64_t count = 0;
  if (std::from_chars(errors.data() + begin, errors.data() + words, count).ptr != errors.data() + words)
    return std::nullopt;
  return begin == words ? std::nullopt : std::optional(count);
}

std::unique_ptr<Capture> start_remote_capture(NodeShell& shell, Clock& clock,
                                              const std::vector<CaptureRequest>& requests,
                                              const std::vector<RemoteNic>& nics, const RemoteCaptureOptions& options) {
  auto capture = std::make_unique<RemoteCapture>(shell, clock, options);
  for (const CaptureRequest& request : requests) {
    const auto nic =
        std::find_if(nics.begin(), nics.end(), [&](const RemoteNic& one) { return one.tap == request.interface; });
    if (nic == nics.end()) throw Error(fmt::format("'{}' is no NIC of an existing machine", request.interface));
    capture->add(request, *nic);
  }
  capture->await_start();
  return capture;
}

}  // namespace offlab
