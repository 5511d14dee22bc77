#include "cli/shared_options.h"

#include "report/format.h"

namespace offlab {

CLI::Option* add_scenario_options(CLI::App& command, ScenarioOptions& options, const char* what) {
  CLI::Option* file = command.add_option("file", options.file, what);
  file->type_name("TOML");
  command.add_option("--case", options.cases, "Only cases whose id matches this glob; may be repeated")
      ->type_name("GLOB");
  command.add_option("--axis", options.axes, "Replaces an axis of the file, or adds one; may be repeated")
      ->type_name("KEY=VALUE[,VALUE]");
  CLI::Option* pairwise = command.add_flag("--pairwise", options.pairwise,
                                           "Few combinations of the axes, in which every pair of values occurs");
  command
      .add_option("--t-way", options.t_way,
                  "2: as --pairwise. 3: every triple occurs; 3:KEY,KEY,KEY: every triple of these axes, and every pair")
      ->type_name("N[:KEY,...]")
      ->excludes(pairwise);
  command
      .add_option("--exclude", options.excluded,
                  "Leaves out the combinations that have all of these values; may be repeated")
      ->type_name("KEY=VALUE[,...]");
  command
      .add_option(
          "--last", options.last,
          "An earlier run of this file: what failed in it comes first, its times are the estimate, and --pairwise "
          "and --t-way keep its combinations")
      ->type_name("RUN");
  command
      .add_option("--budget", options.budget,
                  "How long the run may take; the most informative cases come first, those left out are listed")
      ->type_name("TIME");
  command.add_option("--duration", options.duration, "Measured time of each transfer, over the file's")
      ->type_name("TIME");
  command.add_option("--warmup", options.warmup, "Time cut off before, over the file's")->type_name("TIME");
  command.add_option("--max-rate", options.max_rate, "Between existing machines: of a transfer, over the file's")
      ->type_name("RATE");
  command.add_option("--max-bytes", options.max_bytes, "Between existing machines: of a transfer, over the file's")
      ->type_name("SIZE");
  command.add_option("--max-seconds", options.max_seconds, "Between existing machines: of a transfer, over the file's")
      ->type_name("TIME");
  command.add_flag(
      "--reference", options.reference,
      "Measures the sender and the receiver without the routers as well, as with reference = true in the file");
  add_reach_option(command, options.extend_anywhere);
  return file;
}

void add_reach_option(CLI::App& command, bool& extend_anywhere) {
  command.add_flag("--extend-anywhere", extend_anywhere,
                   "A topology file may name files outside of its folder, to extend and as image recipes");
}

void add_start_options(CLI::App& command, std::string& accelerator, bool& cold) {
  command.add_option("--accel", accelerator, "auto (KVM if it boots the guest's kernel), kvm or tcg")
      ->type_name("WORD")
      ->capture_default_str();
  command.add_flag("--cold", cold, "Boot every guest; neither use nor save their states");
}

void add_judging_display_options(CLI::App& command, Display& display) {
  command.add_flag("-v,--verbose", display.verbose, "Show every finding, not only those that matter");
  command
      .add_option_function<std::string>(
          "--color",
          [&display](const std::string& word) {
            display.colour = word == "always"  ? ColourChoice::always
                             : word == "never" ? ColourChoice::never
                                               : ColourChoice::automatic;
          },
          "Colour outcome words: auto is on a terminal, unless NO_COLOR is set")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->default_str("auto");
}

void add_display_options(CLI::App& command, Display& display) {
  command.add_flag("-q,--quiet", display.quiet, "Show verdicts and the summary alone, and errors");
  add_judging_display_options(command, display);
  CLI::Option* verbose = command.get_option("--verbose");
  verbose->description("Show every finding, not only those that matter, and every step")->excludes("--quiet");
}

void add_session_options(CLI::App& command, RunChoices& options) {
  command.add_option("--out", options.out, "Run folder, new or empty (default: runs/TIME-NAME)")->type_name("DIR");
  add_start_options(command, options.accelerator, options.cold);
  add_display_options(command, options.display);
}

void add_format_option(CLI::App& command, std::vector<std::string>& formats) {
  std::string names;
  for (const FormatRow& row : all_formats()) names += (names.empty() ? "" : ", ") + std::string(row.name);
  command
      .add_option("--format", formats,
                  "The result in this format as well, on stdout or in a file; may be repeated: " + names)
      ->type_name("NAME[=FILE]");
}

void add_jobs(CLI::App& command, unsigned& jobs) {
  command
      .add_option("--jobs", jobs,
                  "Labs at a time, each on CPUs of its own (default: as many as have a CPU for each guest's and fit "
                  "into the memory)")
      ->check(CLI::Range(1, 999));
}

CLI::Option* add_hosts(CLI::App& command, std::string& hosts, std::vector<std::string>& tags) {
  CLI::Option* option =
      command.add_option("--hosts", hosts, "Run the labs on these hosts, over SSH: a file (docs/campaigns.md)");
  option->type_name("FILE")->excludes("--jobs")->excludes("--accel");
  command.add_option("--tag", tags, "Only hosts that have this tag, or this name; may be repeated")
      ->type_name("TAG")
      ->needs(option);
  return option;
}

}  // namespace offlab
