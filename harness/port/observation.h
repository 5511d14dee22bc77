// What the host sees of the lab's traffic: taps and captures.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/units.h"
#include "model/observability.h"
#include "model/observation.h"

namespace offlab {

struct CaptureRequest {
  CapturePoint point;
  std::string interface;  // where it is captured: of the host, or of the guest at a point inside of it
  std::filesystem::path file;
  std::string description;  // for the file's interface block
  ByteCount limit;
  std::uint32_t snap_length = 192;
  std::string section_comment = {};  // for the file's section header: offloads of the guests and the taps
  bool operator==(const CaptureRequest&) const = default;
};

// A machine under test does not answer while it is measured: nothing more is to be sent through it.
class MachineSilent : public Error {
 public:
  using Error::Error;
};

// A running capture; its destructor ends it.
class Capture {
 public:
  virtual ~Capture() = default;
  // ICMP errors seen so far at the point, out of the guest, that complain about packets which already fit: nothing
  // longer than the MTU they advertise went into it. A first look while frames pass; the verdict has a closer one.
  virtual std::uint64_t bogus_errors(const std::string& point) const = 0;
  // Writes out what was captured and tells how complete it is.
  virtual std::vector<CaptureStatistics> stop() = 0;
};

class Observation {
 public:
  virtual ~Observation() = default;

  // Nobody asks for more.
  virtual Observability shows() const = 0;
  // Throws Error when the tap is not there.
  virtual TapState tap_state(const std::string& tap) = 0;
  // Counters and the TSO flag only: cheap enough for ten times a second. `seconds` is left 0.
  virtual TapSample sample(const std::string& tap) = 0;
  // Frames are kept from the time it returns on.
  virtual std::unique_ptr<Capture> start_capture(const std::vector<CaptureRequest>& requests) = 0;
};

}  // namespace offlab
