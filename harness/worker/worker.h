// `offlab worker`: the process inside a lab's namespaces. Not for people.
#pragma once

#include <filesystem>

namespace offlab {

enum class WorkerTask {
  record,  // record the request's cases, then end
  probe,   // only boot the kernel of the request's first image and tell whether it came up
  stay,    // keep the lab up and serve requests, until told to end; the run folder is the lab's own
};

// Reads a WorkerRequest on stdin, writes events on stdout. Returns the exit status: 0 when every case was recorded.
int run_worker(const std::filesystem::path& run_folder, const std::filesystem::path& cache_folder, WorkerTask task);

}  // namespace offlab
