// A run as GitHub Actions shows it: annotations of a step, by workflow commands on its output.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
#pragma once

#include <string>

#include "model/verdict.h"

namespace offlab {

// Of a step GitHub shows this many annotations of a kind, and drops the rest.
inline constexpr std::size_t most_annotations = 10;
// Bytes of a step's summary; a longer one is not shown at all.
inline constexpr std::size_t largest_summary = 1024UL * 1024;

// An error for each case that failed or broke, a warning for each that is inconclusive or was found with warnings;
// where there are more than GitHub shows, the last one says how many.
std::string github_annotations(const RunResult& run);

}  // namespace offlab
