// `offlab worker`: the process inside a lab's namespaces. Not for people.
#pragma once

#include <filesystem>

namespace offlab {

// Reads a WorkerRequest on stdin, writes events on stdout. Returns the exit status: 0 when every case was recorded.
// `probe`: only boots the kernel of the request's first image and tells whether it came up.
int run_worker(const std::filesystem::path& run_folder, const std::filesystem::path& cache_folder, bool probe);

}  // namespace offlab
