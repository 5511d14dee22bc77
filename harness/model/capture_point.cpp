#include "model/capture_point.h"

namespace offlab {

std::string_view to_string(CaptureSide side) {
  switch (side) {
    case CaptureSide::host:
      return "host";
    case CaptureSide::guest:
      return "guest";
    case CaptureSide::wire:
      return "wire";
  }
  return "?";
}

std::optional<CaptureSide> parse_capture_side(std::string_view text) {
  for (const CaptureSide side : {CaptureSide::host, CaptureSide::guest, CaptureSide::wire})
    if (to_string(side) == text) return side;
  return std::nullopt;
}

}  // namespace offlab
