// Where saved guests are, and how much room they may take.
#pragma once

#include <filesystem>

#include "base/units.h"

namespace offlab {

std::filesystem::path warm_folder(const std::filesystem::path& cache);

// $OFFLAB_WARM_LIMIT, or 4 GB. Throws UsageError when the variable is no size.
ByteCount warm_limit();

}  // namespace offlab
