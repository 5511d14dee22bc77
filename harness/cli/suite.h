// A folder of topology files: verified one after the other, each into a run folder of its own; judged again from there.
#pragma once

#include <filesystem>
#include <optional>

#include "cli/asked_formats.h"
#include "cli/commands.h"
#include "record/run_folder.h"

namespace offlab {

// Every *.toml in the folder that `options` names, in the order of their names. A file that is wrong, or whose lab
// breaks, does not stop the others.
int verify_suite(const RunOptions& options);

// The folder that verify_suite left behind. Results go into it, or into `out` when there is one.
bool is_suite_folder(const std::filesystem::path& folder);
int judge_suite(const JudgeOptions& options, const std::optional<RunFolder>& out, const AskedFormats& formats,
                Terminal& terminal);

}  // namespace offlab
