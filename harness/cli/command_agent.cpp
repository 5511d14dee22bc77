#include "agent/agent.h"
#include "cli/commands.h"
#include "session/paths.h"

namespace offlab {

int agent_command(const AgentOptions&) {
  return run_agent(cache_folder());
}

}  // namespace offlab
