// How far an invariant may be off before it counts as violated. What is not listed has no room: one is too many.
#pragma once

#include <array>
#include <stdexcept>
#include <string_view>

#include "model/invariant.h"

namespace offlab {

struct Limits {
  double coverage = 0.001;
  double forwarding_loss = 0.001;
  double amplification = 1.10;
  double retransmits = 0.005;
  double reordering = 0.001;
  double liveness_seconds = 1;
  bool any_ttl = false;   // a router may set the TTL, or leave it
  bool any_dscp = false;  // a router may set the DSCP
  bool strict = false;    // moved segment boundaries and reordering fail instead of warning
  bool operator==(const Limits&) const = default;
};

enum class LimitUnit { share, ratio, seconds };

// A limit that a topology file sets: `limits.NAME`, by the name of the invariant where it has no shorter one.
struct FileLimit {
  Invariant invariant;
  double Limits::*value;
  LimitUnit unit;
  double low;  // what a file may set
  double high;
  const char* meaning;
  std::string_view short_name = {};

  constexpr std::string_view name() const { return short_name.empty() ? to_string(invariant) : short_name; }
};

inline constexpr std::array file_limits = {
    FileLimit{Invariant::coverage, &Limits::coverage, LimitUnit::share, 0, 1,
              "bytes that never left, over bytes acknowledged"},
    FileLimit{Invariant::forwarding_loss, &Limits::forwarding_loss, LimitUnit::share, 0, 1,
              "frames that came in and did not leave, over those that came in", "loss"},
    FileLimit{Invariant::amplification, &Limits::amplification, LimitUnit::ratio, 1, 100,
              "payload bytes that crossed the uplink for each one that arrived"},
    FileLimit{Invariant::retransmits, &Limits::retransmits, LimitUnit::share, 0, 1,
              "of the segments sent; three times the control's share is allowed, too"},
    FileLimit{Invariant::reordering, &Limits::reordering, LimitUnit::share, 0, 1, "of the frames that left"},
    FileLimit{Invariant::liveness, &Limits::liveness_seconds, LimitUnit::seconds, 0.1, 3600,
              "without a new acknowledgement"},
};

// An invariant that has none does not compile.
consteval FileLimit file_limit(Invariant invariant) {
  for (const FileLimit& limit : file_limits)
    if (limit.invariant == invariant) return limit;
  throw std::logic_error("no limit of that name");
}

}  // namespace offlab
