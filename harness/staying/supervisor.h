// The process that a lab lives as long as: parent of its worker, holder of its name and of its memory.
#pragma once

#include <chrono>
#include <string>

#include "base/handle.h"
#include "cache/lab_registry.h"
#include "session/prepared_host.h"
#include "staying/lab_blueprint.h"

namespace offlab {

struct SupervisorTask {
  LabBlueprint blueprint;
  ImageRecipes recipes;
  std::string accelerator;
  bool cold = false;  // neither uses nor saves the states of guests
  std::filesystem::path cache;
  LabClaim claim;
  UniqueFd progress;                        // a socket: messages go to it until the lab is up
  bool with_reader = false;                 // the lab ends when nobody holds the socket's other end any more
  std::chrono::seconds memory_patience{0};  // waits so long for memory that other labs hold
};

// To be called in a child forked before any thread existed. Leaves the session and the terminal, starts the lab, keeps
// it until it is told to end (SIGTERM) or its worker dies, and removes its folder when it ends in order. Ends the start
// when nobody reads the progress any more. Returns the exit status.
int supervise(SupervisorTask task);

}  // namespace offlab
