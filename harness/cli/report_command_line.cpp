#include "cli/command_words.h"
#include "cli/commands.h"
#include "cli/shared_options.h"

namespace offlab {

void add_report_commands(CLI::App& app, CommandBody& chosen) {
  add_command<ReportOptions>(
      app, chosen, "report",
      "Makes report.html again, from folders of runs, gates, bisections and nights alone; of several folders one page.",
      [](CLI::App& command, ReportOptions& options) {
        command.add_option("folders", options.folders, "Folders as offlab printed them")
            ->required()
            ->type_name("RUN...");
        command
            .add_option("-o,--out", options.out,
                        "The page (default: report.html in the folder; of several folders, here)")
            ->type_name("FILE");
        add_format_option(command, options.formats);
      },
      report_command);
  add_command<DiffOptions>(
      app, chosen, "diff",
      "What is different between two runs: settings, versions, classes, counters, goodput. Exit status 0 the same "
      "verdicts, 1 others.",
      [](CLI::App& command, DiffOptions& options) {
        command.add_option("before", options.before, "Run folder")->required();
        command.add_option("after", options.after, "Run folder; may be the same one, with --case A::B")->required();
        command
            .add_option("--case", options.cases,
                        "Only this case; A::B compares case A of the first run with case B of the second one; may be "
                        "repeated")
            ->type_name("ID[::ID]");
        command.add_flag("--json", options.json, "As JSON (docs/run-json.md)");
      },
      diff_command);
}

}  // namespace offlab
