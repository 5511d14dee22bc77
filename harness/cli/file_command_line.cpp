#include "cli/command_words.h"
#include "cli/commands.h"
#include "cli/shared_options.h"

namespace offlab {

void add_file_commands(CLI::App& app, CommandBody& chosen) {
  add_command<ValidateOptions>(
      app, chosen, "validate", "Checks topology files and starts nothing. Shows all mistakes at once.",
      [](CLI::App& command, ValidateOptions& options) {
        command.add_option("files", options.files, "Topology files (TOML)")->type_name("TOML")->required();
        command.add_flag("--settings", options.settings,
                         "List the settings that cases and axes of the file may switch");
        add_reach_option(command, options.extend_anywhere);
      },
      validate_command);
  add_command<PlanOptions>(
      app, chosen, "plan", "Shows what a run would do, and starts nothing.",
      [](CLI::App& command, PlanOptions& options) {
        add_scenario_options(command, options.scenario, one_file)->required();
        command.add_flag("--steps", options.steps, "Every command, in order");
        command.add_flag("--json", options.json, "The whole plan as JSON");
      },
      plan_command);
  add_command<SchemaOptions>(
      app, chosen, "schema", "Prints the JSON Schema of topology files, for editors.",
      [](CLI::App& command, SchemaOptions& options) {
        command.add_flag("--markdown", options.markdown, "The same as tables, as in docs/topology.md");
        command.add_flag("--invariants", options.invariants, "The table of invariants, as in docs/verdict.md");
      },
      schema_command);
}

}  // namespace offlab
