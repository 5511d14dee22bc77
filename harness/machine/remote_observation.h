// What can be seen of existing machines: byte counters of their NICs, and captures by tcpdump.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "machine/remote_capture.h"
#include "model/observability.h"

namespace offlab {

class CounterStream;

class RemoteObservation : public Observation {
 public:
  RemoteObservation(NodeShell& shell, Clock& clock, Observability shows, std::vector<RemoteNic> nics,
                    RemoteCaptureOptions options);
  ~RemoteObservation() override;

  Observability shows() const override { return shows_; }
  // There is none: throws Error.
  TapState tap_state(const std::string& tap) override;
  // Counters of the machine's own, read there ten times a second while somebody asks. Throws MachineSilent when nothing
  // came for limits::silence.
  TapSample sample(const std::string& tap) override;
  std::unique_ptr<Capture> start_capture(const std::vector<CaptureRequest>& requests) override;

 private:
  const RemoteNic& nic_of(const std::string& tap) const;

  NodeShell& shell_;
  Clock& clock_;
  Observability shows_;
  std::vector<RemoteNic> nics_;
  RemoteCaptureOptions options_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<CounterStream>> streams_;  // by node
};

}  // namespace offlab
