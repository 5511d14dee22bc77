// A lab of guests that offlab makes, whichever libvirt starts them: the adapters put together, its cases recorded or
// its requests served. For the process inside the lab's namespaces.
#pragma once

#include <filesystem>
#include <stop_token>

#include "libvirt/domain_xml.h"
#include "port/hypervisor.h"
#include "record/worker_request.h"
#include "worker/control_server.h"
#include "worker/lifeline.h"
#include "worker/outer_paths.h"

namespace offlab {

struct ServedLab {
  Hypervisor& hypervisor;
  GuestUser user;  // of QEMU
  const OuterPaths& paths;
  RelayObserver& observer;
  Lifeline& lifeline;
  bool stays = false;  // serves requests until it is told to end
};

// Throws Error when the lab does not come up, and Interrupted at the stop.
void serve_request(const WorkerRequest& request, const ServedLab& served, const std::stop_token& stop);

// The names that the user knows of the lab's folders.
OuterPaths outer_paths(const WorkerRequest& request, const std::filesystem::path& run_folder,
                       const std::filesystem::path& cache_folder);

}  // namespace offlab
