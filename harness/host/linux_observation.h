// Observation on this host's kernel, in the calling process's network namespace. It never looks at another one.
#pragma once

#include "port/observation.h"

namespace offlab {

class LinuxObservation : public Observation {
 public:
  Observability shows() const override { return {}; }
  TapState tap_state(const std::string& tap) override;
  TapSample sample(const std::string& tap) override;
  std::unique_ptr<Capture> start_capture(const std::vector<CaptureRequest>& requests) override;
};

}  // namespace offlab
