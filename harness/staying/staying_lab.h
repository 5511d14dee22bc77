// Labs that stay, from the outside: started under a supervisor, chosen, ended.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/handle.h"
#include "cache/lab_registry.h"
#include "model/live_state.h"
#include "port/observer.h"
#include "staying/lab_blueprint.h"

namespace offlab {

struct StayOptions {
  std::string name = {};  // empty: the file's, or the next free one like it
  std::string accelerator = "auto";
  bool cold = false;                        // neither uses nor saves the states of guests
  bool with_caller = false;                 // the lab ends when whoever started it ends, however that is
  std::chrono::seconds memory_patience{0};  // waits so long for memory that other labs hold
};

struct StartedLab {
  std::string name;
  UniqueFd caller;  // with_caller: the lab stays while this is open, and nothing is to be read from it before its end
};

// Starts the lab under a supervisor and returns when it is up. Throws Error when it does not come up, and Interrupted;
// nothing is left then. To be called before any thread exists. Throws UsageError for a name that is taken.
StartedLab start_staying_lab(const LabBlueprint& blueprint, const StayOptions& options, Observer& observer);

// "up", "starting" or "dead".
std::string state_of(const RegisteredLab& lab);

struct ChosenLab {
  LabEntry entry;
  std::filesystem::path folder;
};

// The lab of that name; without a name the only one that is up. Throws UsageError that lists what there is.
ChosenLab choose_lab(const LabRegistry& registry, const std::string& name);

// Its settings as last read back. Throws Error.
LiveState read_live_state(const std::filesystem::path& lab_folder);

// Ends the lab, within a second, and removes it from the registry, with all processes that it has left.
void end_lab(const LabRegistry& registry, const RegisteredLab& lab);
// The same for all labs that are dead; gives their names.
std::vector<std::string> remove_dead_labs(const LabRegistry& registry);

// What one can do with it, as text for a person.
std::string how_to_use(const LabEntry& entry);

}  // namespace offlab
