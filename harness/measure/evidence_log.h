// A few frames of a capture for each invariant that they speak about.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/measurement.h"

namespace offlab {

class EvidenceLog {
 public:
  static constexpr std::size_t enough = 6;

  bool wants(Invariant invariant) const {
    const auto found = frames_.find(invariant);
    return found == frames_.end() || found->second.size() < enough;
  }

  bool has(Invariant invariant, const std::string& point, std::uint64_t number) const {
    const auto found = frames_.find(invariant);
    return found != frames_.end() && std::any_of(found->second.begin(), found->second.end(), [&](const auto& one) {
             return one.second.point == point && one.second.number == number;
           });
  }

  // The first frame of each point is second 0.
  void begin(const std::string& point, std::int64_t time_ns) { begin_ns_.emplace(point, time_ns); }

  void add(Invariant invariant, const std::string& point, std::uint64_t number, std::int64_t time_ns, std::string text,
           std::string comment = {}) {
    if (!wants(invariant)) return;
    const auto begin = begin_ns_.find(point);
    const std::int64_t since = begin == begin_ns_.end() ? 0 : time_ns - begin->second;
    frames_[invariant].emplace_back(time_ns, EvidenceFrame{.point = point,
                                                           .number = number,
                                                           .seconds = static_cast<double>(since) * 1e-9,
                                                           .text = std::move(text),
                                                           .comment = std::move(comment)});
  }

  // In the order of time, over all points.
  std::map<Invariant, std::vector<EvidenceFrame>> take() {
    std::map<Invariant, std::vector<EvidenceFrame>> all;
    for (auto& [invariant, frames] : frames_) {
      std::stable_sort(frames.begin(), frames.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
      for (auto& [time_ns, frame] : frames) all[invariant].push_back(std::move(frame));
    }
    return all;
  }

 private:
  std::map<std::string, std::int64_t> begin_ns_;
  std::map<Invariant, std::vector<std::pair<std::int64_t, EvidenceFrame>>> frames_;
};

}  // namespace offlab
