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
        command.footer("Exit status: 0 the same verdicts, 1 others, 2 usage or configuration, 3 error.");
        command.add_option("before", options.before, "Run folder")->type_name("RUN")->required();
        command.add_option("after", options.after, "Run folder; may be the same one, with --case A::B")
            ->type_name("RUN")
            ->required();
        command
            .add_option("--case", options.cases,
                        "Only this case; A::B compares case A of the first run with case B of the second one; may be "
                        "repeated")
            ->type_name("ID[::ID]");
        command.add_flag("--json", options.json, "As JSON (docs/run-json.md)");
      },
      diff_command);
  add_command<BundleCommandOptions>(
      app, chosen, "bundle",
      "The smallest folder that shows a fault to somebody else: lab, captures, counters, a page of explanation.",
      [](CLI::App& command, BundleCommandOptions& options) {
        CLI::Option* run = command.add_option("run", options.run, "Run folder");
        run->type_name("RUN");
        command.add_option("case", options.case_id, "Id of the case (default: the first one that shows a fault)");
        CLI::Option* before =
            command.add_option("--before", options.before, "Instead of a run: captures before the router");
        before->type_name("FILE...")->excludes(run);
        command.add_option("--behind", options.behind, "Captures behind it")->type_name("FILE...")->needs(before);
        command.add_option("--lro", options.lro, "Of captures: guest LRO of the router's NIC towards the sender")
            ->check(CLI::IsMember({"on", "off"}))
            ->needs(before);
        command.add_option("--ingress-mtu", options.ingress_mtu, "Of captures: MTU of that NIC")
            ->check(CLI::Range(68, 65535))
            ->needs(before);
        command.add_option("--egress-mtu", options.egress_mtu, "Of captures: MTU of the NIC towards the receiver")
            ->check(CLI::Range(68, 65535))
            ->needs(before);
        command.add_option("-o,--out", options.bundle.out, "New folder, or FILE.tar.zst (default: NAME.bundle here)")
            ->type_name("PLACE");
        CLI::Option* anonymise = command.add_flag("--anonymise", options.bundle.anonymise,
                                                  "Replace addresses, remove payload and names (docs/reports.md)");
        command
            .add_option("--mapping", options.bundle.mapping,
                        "Where the mapping of addresses goes (default: beside the bundle)")
            ->type_name("FILE")
            ->needs(anonymise);
      },
      bundle_command);
  add_command<ReplayOptions>(
      app, chosen, "replay", "Runs a bundle's lab and compares. Exit status 0 reproduced, 1 not.",
      [](CLI::App& command, ReplayOptions& options) {
        command.footer(
            "Exit status: 0 reproduced, 1 not, 2 usage or configuration, 3 error (the lab broke), 130 interrupted.");
        command.add_option("bundle", options.bundle, "Folder or FILE.tar.zst")->type_name("FILE")->required();
        add_session_options(command, options.session);
      },
      replay_command);
}

}  // namespace offlab
