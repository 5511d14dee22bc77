// One task of a run that a scheduler gave to this host: the cases of one lab of its plan.
#pragma once

#include <cstddef>
#include <filesystem>

namespace offlab {

// Goes on where an earlier attempt at the task ended. Returns the exit status: 0 also when cases fail, since that is
// nothing that another attempt would change.
int run_task(const std::filesystem::path& run_folder, std::size_t lab);

}  // namespace offlab
