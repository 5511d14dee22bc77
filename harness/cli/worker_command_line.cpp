#include "cli/command_words.h"
#include "cli/commands.h"

namespace offlab {

void add_worker_commands(CLI::App& app, CommandBody& chosen) {
  add_command<AgentOptions>(
      app, chosen, "agent", "Serves the labs of a run on another machine; `run --hosts` starts it over SSH.",
      [](CLI::App& command, AgentOptions& options) {
        command.group("");  // not in --help
        CLI::Option* stdio = command.add_flag("--stdio", options.stdio, "Speak over stdin and stdout");
        command.add_option("--task", options.task, "Run the cases of this lab of a run's plan instead")
            ->excludes(stdio);
        command.add_option("run", options.run, "Its folder")->excludes(stdio);
      },
      agent_command);
  add_command<WorkerOptions>(
      app, chosen, "worker", "The process inside a lab's namespaces; not for people.",
      [](CLI::App& command, WorkerOptions& options) {
        command.group("");  // not in --help
        command.add_flag("--image", options.image);
        command.add_flag("--probe", options.probe);
        command.add_flag("--stay", options.stay);
        command.add_flag("--existing", options.existing);
        command.add_flag("--hosted", options.hosted);
        command.add_option("what", options.what)->required();
        command.add_option("cache", options.cache)->required();
      },
      worker_command);
}

}  // namespace offlab
