// A place where frames are captured. What a capture can tell depends on the side of the NIC that it was made on.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace offlab {

enum class CaptureSide {
  host,   // below the guest's NIC: what the NIC is handed, and what it sends
  guest,  // inside the guest: what GRO merged already on its way in, what the NIC has yet to cut on its way out
  wire,   // before a stage that merges: packets as they cross the wire
};

std::string_view to_string(CaptureSide side);
std::optional<CaptureSide> parse_capture_side(std::string_view text);

struct CapturePoint {
  std::string id;    // names its file: "router-wan"
  std::string node;  // whose NIC it is at
  CaptureSide side = CaptureSide::host;
  bool operator==(const CapturePoint&) const = default;
};

// Its id; empty when there is none.
inline std::string name_of(const std::optional<CapturePoint>& point) {
  return point ? point->id : std::string();
}

}  // namespace offlab
