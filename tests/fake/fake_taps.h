// The host's taps and the ports of its merge stages: their offloads, and what goes through them.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "base/error.h"
#include "model/observation.h"
#include "port/injection.h"

namespace offlab {

class FakeTaps {
 public:
  void add(const std::string& tap, const TapState& state) {
    const std::lock_guard lock(mutex_);
    taps_[tap] = state;
  }
  void remove(const std::string& tap) {
    const std::lock_guard lock(mutex_);
    taps_.erase(tap);
  }
  // As a host that knows no segmentation headers makes them.
  void take_header(const std::string& tap) {
    const std::lock_guard lock(mutex_);
    at(tap).tun_flags &= ~std::uint32_t{0x4000};
  }
  // From now on it stays as it is, whatever is set.
  void stick(const std::string& tap) {
    const std::lock_guard lock(mutex_);
    stuck_.insert(tap);
  }

  TapState state(const std::string& tap) const {
    const std::lock_guard lock(mutex_);
    const auto found = taps_.find(tap);
    if (found == taps_.end()) throw Error(fmt::format("no interface '{}'", tap));
    return found->second;
  }

  OffloadWord word(const std::string& tap) const {
    const TapState now = state(tap);
    return {now.features.at("tx-checksum-ip-generic"), now.features.at("tx-tcp-segmentation"),
            now.features.at("tx-tcp6-segmentation")};
  }
  void set_word(const std::string& tap, OffloadWord word) {
    set(tap, "tx-checksum-ip-generic", word.checksum);
    set(tap, "tx-tcp-segmentation", word.tso4);
    set(tap, "tx-tcp6-segmentation", word.tso6);
  }
  void set(const std::string& tap, const std::string& feature, bool on) {
    const std::lock_guard lock(mutex_);
    TapState& state = at(tap);
    if (stuck_.count(tap) == 0) state.features[feature] = on;
  }

 private:
  TapState& at(const std::string& tap) {
    const auto found = taps_.find(tap);
    if (found == taps_.end()) throw Error(fmt::format("no interface '{}'", tap));
    return found->second;
  }

  mutable std::mutex mutex_;
  std::map<std::string, TapState> taps_;
  std::set<std::string> stuck_;
};

class FakeInjection : public Injection {
 public:
  explicit FakeInjection(FakeTaps& taps) : taps_(taps) {}

  std::set<std::string> fails_for;  // taps and wire ports that cannot be set at all
  std::set<std::string> merging;    // wire ports of the stages that merge
  std::vector<std::string> asked;   // taps and wire ports that were to be set, in this order

  void set_offload_word(const std::string& tap, OffloadWord word) override {
    asked.push_back(tap);
    if (fails_for.count(tap) != 0) throw Error(fmt::format("setting the offloads of {}: Bad file descriptor", tap));
    taps_.set_word(tap, word);
  }
  void set_merging(const std::string& wire_port, const std::string& router_port, StageMode mode) override {
    asked.push_back(wire_port);
    if (fails_for.count(wire_port) != 0)
      throw Error(fmt::format("setting the offloads of {}: No such device", wire_port));
    taps_.set(wire_port, "tx-tcp-segmentation", mode == StageMode::pass);
    taps_.set(wire_port, "tx-generic-segmentation", mode == StageMode::pass);
    taps_.set(router_port, "rx-gro", mode == StageMode::merge);
    if (mode == StageMode::merge)
      merging.insert(wire_port);
    else
      merging.erase(wire_port);
  }

 private:
  FakeTaps& taps_;
};

}  // namespace offlab
