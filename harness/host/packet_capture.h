// Captures frames on taps with AF_PACKET rings that keep the segmentation header (PACKET_VNET_HDR).
#pragma once

#include <memory>
#include <vector>

#include "port/observation.h"

namespace offlab {

// Frames are on their way into the files when this returns.
std::unique_ptr<Capture> start_packet_capture(const std::vector<CaptureRequest>& requests);

}  // namespace offlab
