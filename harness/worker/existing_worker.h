// The worker of a lab of machines that exist: no namespaces, no hypervisor, SSH alone.
#pragma once

#include <filesystem>

namespace offlab {

// As run_worker(). What earlier runs have left switched is put back first; whatever this one switches is put back when
// it ends, also when whoever started it died.
int run_existing_worker(const std::filesystem::path& run_folder, const std::filesystem::path& cache_folder);

}  // namespace offlab
