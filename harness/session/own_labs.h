// Labs of a run's own: each a worker process, started for the run's cases.
#pragma once

#include <memory>
#include <string>

#include "session/run_session.h"

namespace offlab {

struct LabChoices {
  std::string accelerator = "auto";
  bool cold = false;          // boots every guest, uses and saves no state
  bool side_by_side = false;  // all labs of the plan are up at the same time; one caller starts them
  unsigned jobs = 1;          // so many labs are up at the same time, each on processors of its own; 0: as many as fit
  // Images of these digests, separated by blanks, which the cache has; empty: the newest.
  std::string image_digests = {};
  bool hosted = false;    // this host's libvirtd starts the guests
  std::string host = {};  // its name, for the record, where a run has several
};

// Throws UsageError for an accelerator that does not exist, or for more jobs than the host has room for; plans with an
// image that does not exist are not accepted.
std::unique_ptr<RunPlaceFinder> own_labs(const LabChoices& choices);

}  // namespace offlab
