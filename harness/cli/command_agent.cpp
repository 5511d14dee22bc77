#include "agent/agent.h"
#include "agent/run_task.h"
#include "base/usage_error.h"
#include "cli/commands.h"
#include "session/paths.h"

namespace offlab {

int agent_command(const AgentOptions& options) {
  if (options.stdio) return run_agent(cache_folder());
  if (!options.task || options.run.empty()) throw UsageError("error: name --stdio, or --task and a run's folder\n");
  return run_task(options.run, *options.task);
}

}  // namespace offlab
