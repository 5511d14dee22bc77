#include "cli/command_words.h"
#include "cli/commands.h"
#include "cli/shared_options.h"

namespace offlab {

void add_night_commands(CLI::App& app, CommandBody& chosen) {
  constexpr const char* default_history = "runs/history.sqlite";
  add_command<NightCommandOptions>(
      app, chosen, "nightly",
      "Runs a campaign: its topology files until a deadline, what is new or slower than in the nights before, and why.",
      [](CLI::App& command, NightCommandOptions& all) {
        NightOptions& options = all.night;
        CLI::Option* file = command.add_option("file", options.campaign, "Campaign file (TOML)");
        file->type_name("TOML");
        CLI::Option* resume = command.add_option("--resume", options.resume,
                                                 "Go on with a night that was interrupted or killed: its folder");
        resume->type_name("NIGHT")->excludes(file);
        CLI::Option* out = command.add_option("--out", options.out, "Folder, new or empty (default: runs/TIME-NAME)");
        out->type_name("DIR")->excludes(resume);
        command
            .add_option("--history", options.history,
                        "Where nights are kept (default: the campaign's, or history.sqlite beside the night's folder)")
            ->type_name("FILE");
        command
            .add_option("--quarantine", options.quarantine,
                        "Cases that are known to come and go (default: the campaign's)")
            ->type_name("FILE")
            ->excludes(resume);
        add_start_options(command, options.accelerator, options.cold);
        add_jobs(command, options.jobs);
        add_hosts(command, options.hosts, options.tags);
        add_display_options(command, all.display);
      },
      nightly_command);
  add_command<HistoryOptions>(
      app, chosen, "history", "What the nights of a campaign said, case by case.",
      [](CLI::App& command, HistoryOptions& options) {
        command.add_option("--history", options.file, "Where nights are kept")
            ->type_name("FILE")
            ->default_str(default_history);
        CLI::Option* only = command.add_option("text", options.only, "Only cases with this text in their id");
        command.add_option("--chart", options.chart, "One case, a line for each night")
            ->type_name("CASE")
            ->excludes(only);
      },
      history_command);
  add_command<AckOptions>(
      app, chosen, "ack", "Acknowledges a change of throughput: it does not fail nights any more.",
      [](CLI::App& command, AckOptions& options) {
        command.add_option("case", options.case_id, "Id of the case")->required();
        command.add_option("--reason", options.reason, "Why it is as it should be")->required();
        command.add_option("--part", options.part, "Only in this part of the campaign")->type_name("NAME");
        command.add_option("--since", options.since, "Only the change that began in this night")->type_name("NIGHT");
        command.add_option("--history", options.file, "Where nights are kept")
            ->type_name("FILE")
            ->default_str(default_history);
      },
      ack_command);
}

}  // namespace offlab
