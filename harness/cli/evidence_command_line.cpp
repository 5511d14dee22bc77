#include "cli/command_words.h"
#include "cli/commands.h"
#include "cli/shared_options.h"

namespace offlab {
namespace {

void add_judge(CLI::App& app, CommandBody& chosen) {
  add_command<JudgeOptions>(
      app, chosen, "judge", "Judges a recorded run again, from its folder alone; writes its run.json.",
      [](CLI::App& command, JudgeOptions& options) {
        command.add_option("run", options.folder, "Run folder, as `offlab run` printed it")
            ->type_name("RUN")
            ->required();
        command
            .add_option("-o,--out", options.out,
                        "New folder for run.json, junit.xml and report.html (default: the run folder)")
            ->type_name("DIR");
        add_judging_display_options(command, options.display);
        add_format_option(command, options.formats);
      },
      judge_command);
}

void add_merge(CLI::App& app, CommandBody& chosen) {
  add_command<MergeOptions>(
      app, chosen, "merge", "Puts runs of one file on several machines together and judges them as one run.",
      [](CLI::App& command, MergeOptions& options) {
        command.add_option("runs", options.runs, "Run folders, as --shard or --case made them")
            ->type_name("RUN")
            ->required();
        command.add_option("--out", options.out, "Folder, new or empty (default: runs/TIME-merged)")->type_name("DIR");
        add_judging_display_options(command, options.display);
        add_format_option(command, options.formats);
      },
      merge_command);
}

void add_analyze(CLI::App& app, CommandBody& chosen) {
  add_command<AnalyzeOptions>(
      app, chosen, "analyze",
      "Judges a router by captures that were made elsewhere: one beside it, or one on each side.",
      [](CLI::App& command, AnalyzeOptions& options) {
        CLI::Option* captures = command.add_option(
            "captures", options.files,
            "pcap or pcapng, also compressed: before the router, and behind it; - is standard input");
        captures->type_name("FILE")->expected(1, 2);
        command
            .add_option("--before", options.before,
                        "Captures before the router, on the sender's side; several that follow each other (ring files)")
            ->type_name("FILE...")
            ->excludes(captures);
        command.add_option("--behind", options.behind, "Captures behind it, on the receiver's side")
            ->type_name("FILE...")
            ->excludes(captures);
        command.add_option("--flow", options.flow, "Judge this flow, as --flows writes it: \"A.PORT > B.PORT\"");
        command.add_option("--port", options.port, "Judge the flow with this TCP port on either side")
            ->check(CLI::Range(1, 65535));
        command.add_flag("--flows", options.flows, "Only list the TCP flows, those with most data first");
        command.add_option("--lro", options.lro, "Guest LRO of the router's NIC towards the sender")
            ->check(CLI::IsMember({"on", "off"}));
        command.add_option("--ingress-mtu", options.ingress_mtu, "MTU of that NIC (default: 1500, and says so)")
            ->check(CLI::Range(68, 65535));
        command
            .add_option("--egress-mtu", options.egress_mtu,
                        "MTU of the NIC towards the receiver (default: what its errors tell, or 1500)")
            ->check(CLI::Range(68, 65535));
        const auto counters = [&](const char* option, std::vector<std::string>& files, const char* whose) {
          command
              .add_option(
                  option, files,
                  std::string("Counters of the ") + whose + " before and after (cat /proc/net/snmp /proc/net/snmp6)")
              ->type_name("BEFORE AFTER")
              ->expected(2);
        };
        counters("--router-counters", options.router_counters, "router");
        counters("--sender-counters", options.sender_counters, "data's sender");
        counters("--receiver-counters", options.receiver_counters, "data's receiver");
        CLI::Option* json = command.add_flag("--json", options.json, "The whole answer as JSON");
        command.add_flag("--markdown", options.markdown, "The answer as Markdown, for a ticket")->excludes(json);
      },
      analyze_command);
}

void add_selftest(CLI::App& app, CommandBody& chosen) {
  add_command<SelftestOptions>(
      app, chosen, "selftest",
      "How far can verdicts be trusted? Judges a recording with one defect at a time; with --rounds real labs as well.",
      [](CLI::App& command, SelftestOptions& options) {
        command
            .add_option("--recording", options.recording,
                        "Run folder whose first healthy case is changed (default: a recording that is shipped)")
            ->type_name("DIR");
        CLI::Option* rounds = command.add_option("--rounds", options.rounds,
                                                 "Also verify a folder of healthy and faulty topologies so many times");
        rounds->type_name("N")->check(CLI::Range(1U, 10000U));
        command
            .add_option("--topologies", options.topologies,
                        "Folder of the topologies (default: topologies/error-rates)")
            ->type_name("DIR")
            ->needs(rounds);
        command
            .add_option("--out", options.out,
                        "Folder of the rounds; those that are there are counted, not run again (default: "
                        "runs/TIME-selftest)")
            ->type_name("DIR")
            ->needs(rounds);
        command.add_flag("--markdown", options.markdown, "Tables as Markdown");
        add_reach_option(command, options.extend_anywhere);
      },
      selftest_command);
}

}  // namespace

void add_evidence_commands(CLI::App& app, CommandBody& chosen) {
  add_judge(app, chosen);
  add_merge(app, chosen);
  add_analyze(app, chosen);
  add_selftest(app, chosen);
}

void add_inspect_command(CLI::App& app, CommandBody& chosen) {
  add_command<InspectOptions>(
      app, chosen, "inspect",
      "The risk of a router without traffic, read only. Exit status 0 safe, 1 at risk, 4 it cannot be told.",
      [](CLI::App& command, InspectOptions& options) {
        command.footer(
            "Exit status: 0 safe, 1 at risk, 2 usage, 3 error (the machine cannot be asked), 4 it cannot be told.");
        command.add_option("what", options.what,
                           "USER@HOST, as ssh takes it; or files with what `--script`, `ethtool -k NIC`, `ethtool -i "
                           "NIC`, `ip -d link`, `sysctl net` and FreeBSD's `ifconfig -a` printed");
        command.add_option("--libvirt", options.libvirt, "The machine's NICs as `virsh dumpxml DOMAIN` has them")
            ->type_name("FILE");
        CLI::Option* here = command.add_flag("--here", options.here, "This machine");
        here->excludes("what");
        command.add_flag("--script", options.script, "Print the shell script that asks the machine, and end");
        command.add_flag("--json", options.json, "For programs: schema offlab.inspect/1");
        command.add_option("--topology", options.topology, "Write a topology file of the same shape")
            ->type_name("FILE");
        command.add_option("--jump", options.jump, "Reach it through these hosts, as ssh -J")->type_name("HOST[,HOST]");
        command.add_option("--port", options.port, "Of its SSH server")->type_name("PORT")->check(CLI::Range(1, 65535));
        command.add_option("--ssh-config", options.ssh_config, "As ssh -F")->type_name("FILE");
      },
      inspect_command);
}

}  // namespace offlab
