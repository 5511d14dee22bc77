// A run as Markdown (GitHub's and GitLab's): for a merge request, or for the summary of a step.
#pragma once

#include <string>

#include "model/verdict.h"

namespace offlab {

// A comment of GitHub takes 65,536 characters; GitLab's takes more.
inline constexpr std::size_t largest_comment = 65000;

// Verdict, a table of the cases (those that are no pass first), and the evidence of what failed, folded. What has no
// room in `most_bytes` is counted.
std::string markdown_run(const RunResult& run, std::size_t most_bytes = largest_comment);

}  // namespace offlab
