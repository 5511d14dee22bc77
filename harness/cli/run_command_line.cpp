#include "cli/command_words.h"
#include "cli/commands.h"
#include "cli/shared_options.h"

namespace offlab {
namespace {

// What a run that goes on has from its beginning.
void add_resume(CLI::App& command, RunChoices& options) {
  CLI::Option* resume = command.add_option(
      "--resume", options.resume,
      "Go on with a run that was interrupted or killed: its folder. What it recorded is not run again");
  resume->type_name("RUN");
  for (const char* other :
       {"file",     "--case",     "--axis",   "--pairwise", "--t-way",     "--exclude",     "--last",
        "--budget", "--duration", "--warmup", "--max-rate", "--max-bytes", "--max-seconds", "--reference",
        "--out",    "--lab",      "--keep",   "--shard",    "--repeat",    "--until"})
    resume->excludes(command.get_option(other));
}

}  // namespace

void add_running_commands(CLI::App& app, CommandBody& chosen) {
  add_command<RunChoices>(app, chosen, "demo",
                          "Shows the fault and its fix: broken and fixed side by side, with the frames that prove it.",
                          add_session_options, demo_command);
  const auto configure = [](const char* what) {
    return [what](CLI::App& command, RunOptions& options) {
      add_scenario_options(command, options.scenario, what);
      add_session_options(command, options.session);
      CLI::Option* lab =
          command.add_option("--lab", options.session.lab, "Run the cases in this lab, which runs already");
      lab->type_name("NAME")->excludes("--accel");
      command.add_flag("--keep", options.session.keep, "The lab stays up after the run")->excludes(lab);
      command.add_flag("--yes", options.session.yes,
                       "Agree to what the cases change on existing machines (docs/existing-machines.md)");
      command
          .add_option("--retries", options.session.retries,
                      "How often a case is tried again, in a fresh lab, when its lab broke in it")
          ->check(CLI::Range(0, 10))
          ->capture_default_str();
      command
          .add_option("--image-digest", options.session.image_digests,
                      "Guest images of these digests, as run.json has them, instead of the newest in the cache")
          ->type_name("DIGEST")
          ->excludes(lab);
      CLI::Option* repeat = command.add_option("--repeat", options.scenario.repeat,
                                               "Run each case so many times, for a fault that comes and goes");
      repeat->check(CLI::Range(1, 1000))->capture_default_str();
      command.add_option("--until", options.session.until, "End with the first case that fails, or passes")
          ->check(CLI::IsMember({"fail", "pass"}));
      add_format_option(command, options.formats);
      add_jobs(command, options.session.jobs);
      command.get_option("--jobs")->excludes(lab)->excludes("--keep");
      CLI::Option* hosts = add_hosts(command, options.session.hosts, options.session.tags);
      hosts->excludes(lab)->excludes("--keep");
      command
          .add_option("--connect", options.session.connect,
                      "The guests are domains of this libvirt: qemu:///system, qemu+ssh://HOST/system "
                      "(docs/lab-hosts.md)")
          ->type_name("URI")
          ->excludes(hosts)
          ->excludes(lab)
          ->excludes("--keep");
      CLI::Option* executor = command.add_option("--executor", options.session.executor,
                                                 "local, or slurm: each lab is a task of a job array");
      executor->check(CLI::IsMember({"local", "slurm"}))->capture_default_str()->excludes(hosts)->excludes(lab);
      for (const char* other : {"--keep", "--budget", "--connect"}) executor->excludes(command.get_option(other));
      command.add_option("--partition", options.session.partition, "Of Slurm")->type_name("NAME")->needs(executor);
      command
          .add_option("--sbatch", options.session.sbatch,
                      "A further option of sbatch: --sbatch=--time=60; may be repeated")
          ->type_name("OPTION")
          ->needs(executor);
      command
          .add_option("--shard", options.session.shard,
                      "Only one of N parts of the cases, for one of N machines; `offlab merge` puts the runs together")
          ->type_name("I/N")
          ->excludes(lab);
      add_resume(command, options.session);
      command
          .add_flag("--json", options.session.display.json,
                    "For programs: events and results as JSON Lines, schema offlab.events/1 (docs/run-json.md)")
          ->excludes("--quiet")
          ->excludes("--verbose")
          ->excludes("--keep");
      options.session.display.command = command.get_name();
    };
  };
  add_command<RunOptions>(
      app, chosen, "run", "Is forwarding healthy? Runs every case of a topology file; any fault is a fail.",
      configure(one_file), [](const RunOptions& options) { return run_command(options, Question::healthy); });
  add_command<RunOptions>(app, chosen, "verify",
                          "Does every case come out as the file expects? Passes while a known fault is still caught.",
                          configure(file_or_folder), verify_command);
}

}  // namespace offlab
