// Guests that start, end, and are saved, without machines.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "fake/fake_clock.h"
#include "fake/fake_taps.h"
#include "port/hypervisor.h"

namespace offlab {

class FakeHypervisor : public Hypervisor {
 public:
  FakeHypervisor(FakeClock& clock, FakeTaps& taps) : clock_(clock), taps_(taps) {}

  std::map<std::string, std::string> refuses;  // guest -> why it does not start
  struct End {
    Clock::Duration after;  // its start
    GuestEnd how;
    std::string last_words = {};  // on its serial console
  };
  std::map<std::string, End> ends;  // guests that end by themselves
  std::string cannot_save;
  std::string cannot_restore;
  std::string no_cpu_time;          // why nobody knows it
  std::set<std::string> no_header;  // taps that come without a segmentation header

  struct Guest {
    DomainSpec spec;
    bool restored = false;
    Clock::Time since;
  };
  // Nothing when it does not run.
  std::optional<Guest> find(const std::string& name) const;
  std::size_t running() const;
  // When the guest ended.
  Clock::Time ended_at(const std::string& name) const;
  // Nothing happens when it is gone already.
  void end(const std::string& name, GuestEnd how, const std::string& last_words = "");

  void start(const DomainSpec& spec) override;
  void save(const DomainSpec& spec, const std::string& file) override;
  void restore(const DomainSpec& spec, const std::string& file) override;
  void destroy(const std::string& name) override { end(name, GuestEnd::destroyed); }
  bool is_running(const std::string& name) { return find(name).has_value(); }
  double cpu_seconds(const std::string& name) override;
  void on_stopped(StopListener listener) override;
  std::map<std::string, std::string> versions() override { return {{"qemu", "7.2.22"}, {"libvirt", "9.0.0"}}; }

 private:
  void run(const DomainSpec& spec, bool restored);

  FakeClock& clock_;
  FakeTaps& taps_;
  mutable std::mutex mutex_;
  std::map<std::string, Guest> guests_;
  std::map<std::string, Clock::Time> ended_;
  std::map<std::string, DomainSpec> saved_;  // by file
  std::mutex listener_mutex_;
  StopListener listener_;
};

}  // namespace offlab
