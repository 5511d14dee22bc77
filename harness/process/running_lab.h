// Entering a lab that runs: its user, mount, network and PID namespaces.
#pragma once

#include <string>

#include "base/process_id.h"

namespace offlab {

// To be called before any thread exists, while the lab's supervisor is known to be alive. The caller enters the
// namespaces of `init` and forks: the child returns, inside of all of them, and does the work; the first process
// stays behind, passes signals on, gives the terminal back its settings, and ends with the child's exit status. When
// the lab ends the child dies with it, and the message says so. `lab` is its name. Throws Error.
void enter_running_lab(const ProcessId& init, const std::string& lab);

}  // namespace offlab
