// `offlab worker --hosted`: the worker of a lab whose guests this host's libvirtd starts. Not for people.
#pragma once

#include <filesystem>

namespace offlab {

// As run_worker() for WorkerTask::record, in Isolation::hosted.
int run_hosted_worker(const std::filesystem::path& run_folder, const std::filesystem::path& cache_folder);

}  // namespace offlab
