// A run between machines that exist: what it would change there is shown and asked for.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "cli/host_questions.h"
#include "cli/run_scenario.h"

namespace offlab {

// Throws UsageError for options that are about labs.
void refuse_options_of_labs(const RunChoices& options);
// The same, and where nobody agrees to the changes.
void agree_to_existing(const RunPlan& plan, const RunChoices& options);

// The existing machines of a run, and the ESXi hosts below them.
std::unique_ptr<RunPlaceFinder> place_of_existing(HostQuestions& questions);

// What the run could not give back, for people; empty where all is as it was.
std::string not_given_back(const std::filesystem::path& run_folder);

}  // namespace offlab
