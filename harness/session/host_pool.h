// Labs on other hosts, over SSH.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/lab_host.h"
#include "session/run_session.h"

namespace offlab {

struct PoolChoices {
  std::string file;                    // of hosts
  std::optional<PoolHost> host = {};   // instead of a file
  std::vector<std::string> tags = {};  // only hosts that have all of these; a host's name is a tag of it
  bool cold = false;                   // boots every guest, uses and saves no state
  std::string image_digests = {};      // as LabChoices::image_digests
};

// Throws UsageError with every mistake in the file, and where no host has the tags.
std::vector<PoolHost> load_hosts(const PoolChoices& choices);

// Runs this program there with these words, and gives what it prints; where it is missing, it is brought along. What it
// says on stderr goes to `on_error_line`. Throws Error.
std::string run_on_host(const PoolHost& host, const std::string& words, std::chrono::seconds limit,
                        const std::function<void(const std::string&)>& on_error_line);

// A run's labs are shared out among all slots of the hosts. The program and the images are brought along. A host that
// cannot be used is reported, and the run goes on with the others; without any, prepare() throws Error.
std::unique_ptr<RunPlaceFinder> host_pool(const PoolChoices& choices);

}  // namespace offlab
