#include "cli/command_words.h"
#include "cli/commands.h"
#include "cli/shared_options.h"

namespace offlab {
namespace {

void add_gate(CLI::App& app, CommandBody& chosen) {
  add_command<GateCommandOptions>(
      app, chosen, "gate",
      "May a change be deployed? Compares a candidate with the baseline: exit status 0 not worse, 1 worse, 4 "
      "undecided.",
      [](CLI::App& command, GateCommandOptions& options) {
        command.footer(
            "Exit status: 0 not worse, 1 worse, 2 usage or configuration, 3 error (the lab broke), 4 undecided,\n"
            "130 interrupted.");
        add_scenario_options(command, options.scenario, one_file)->required();
        command
            .add_option("--baseline", options.gate.baseline,
                        "Settings of today, over the case's own; without it the case as it is")
            ->type_name("KEY=VALUE[,...]");
        command.add_option("--candidate", options.gate.candidate, "Settings of the change")
            ->type_name("KEY=VALUE[,...]");
        command
            .add_option("--baseline-run", options.gate.baseline_run,
                        "The baseline is what this run had: its settings of the case, and its images, which the cache "
                        "must still have")
            ->type_name("RUN");
        command.add_option("--margin", options.margin, "What the candidate may be worse by (default: 10%)")
            ->type_name("SHARE");
        command.add_flag("--strict", options.strict,
                         "A 99 % interval instead of 95 %: the answer is wrong in 1 of 100 gates at most");
        command.add_option("--pairs", options.gate.limits.most_pairs, "Pairs of measurements, at most")
            ->check(CLI::Range(6, 999))
            ->capture_default_str();
        command
            .add_option("--history", options.history,
                        "Make the interval for what the case varied by in the nights of this history, on this host")
            ->type_name("FILE");
        command.add_option("--seed", options.gate.seed, "An odd one measures the candidate first")
            ->capture_default_str();
        command
            .add_option("--out", options.gate.out, "Folder of the gate, new or empty (default: runs/TIME-NAME-gate)")
            ->type_name("DIR");
        add_start_options(command, options.gate.accelerator, options.gate.cold);
        add_display_options(command, options.display);
      },
      gate_command);
}

void add_bisect(CLI::App& app, CommandBody& chosen) {
  add_command<BisectCommandOptions>(
      app, chosen, "bisect",
      "Which settings make the fault of a case, or which of a list of versions? Exit status 0: proven, 4: not.",
      [](CLI::App& command, BisectCommandOptions& options) {
        command.footer(
            "Exit status: 0 proven, 2 usage or configuration, 3 error (the lab broke), 4 not proven, 130 interrupted.");
        command.add_option("file", options.scenario.file, one_file)->type_name("TOML")->required();
        command.add_option("--bad", options.bisect.bad, "Id of the case that shows the fault")
            ->type_name("CASE")
            ->required();
        CLI::Option* good = command.add_option("--good", options.bisect.good,
                                               "Id of a case that does not (default: none of the bad case's settings)");
        good->type_name("CASE");
        command
            .add_option("--over", options.bisect.over,
                        "Search these versions instead, the first one good and the last one bad: kernels, images")
            ->type_name("KEY=V1,V2,...")
            ->excludes(good);
        CLI::Option* rate =
            command.add_option("--flake-rate", options.bisect.flake_rate, "How often a run's answer is wrong, 0..0.4");
        rate->check(CLI::Range(0.0, 0.4))->capture_default_str();
        command
            .add_option("--history", options.history,
                        "The flake rate is what the nights of this history saw of the bad case on this host")
            ->type_name("FILE")
            ->excludes(rate);
        command.add_option("--runs", options.bisect.most_runs, "Runs, at most")
            ->check(CLI::Range(2, 999))
            ->capture_default_str();
        command
            .add_option("--axis", options.scenario.axes, "Replaces an axis of the file, or adds one; may be repeated")
            ->type_name("KEY=VALUE[,VALUE]");
        add_reach_option(command, options.scenario.extend_anywhere);
        command.add_option("--out", options.bisect.out, "Folder, new or empty (default: runs/TIME-NAME-bisect)")
            ->type_name("DIR");
        add_start_options(command, options.bisect.accelerator, options.bisect.cold);
        add_display_options(command, options.display);
      },
      bisect_command);
}

}  // namespace

void add_comparing_commands(CLI::App& app, CommandBody& chosen) {
  add_gate(app, chosen);
  add_bisect(app, chosen);
}

}  // namespace offlab
