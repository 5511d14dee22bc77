#include "cli/command_line.h"

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/version.h"
#include "cli/command_words.h"
#include "cli/commands.h"

namespace offlab {
namespace {

constexpr int usage_status = 2;

constexpr const char* about =
    "offlab tests whether a router VM survives merged packets (LRO): it builds client, router and server as virtual\n"
    "machines, switches offloads in the guest and on the hypervisor, drives bulk TCP through the router and judges "
    "it.\n\n"
    "New here? `offlab demo` shows the fault and its fix in a minute.";

constexpr const char* exit_codes =
    "Exit status: 0 pass, 1 fail (a fault was found), 2 usage or configuration, 3 error (the lab broke), 4 "
    "inconclusive,\n"
    "130 interrupted.";

constexpr const char* one_file = "Topology file (TOML), for example topologies/vmxnet3-router.toml";
constexpr const char* file_or_folder =
    "Topology file (TOML), or a folder: every *.toml in it, for example topologies/hazards";

CLI::Option* add_scenario_options(CLI::App& command, ScenarioOptions& options, const char* what) {
  CLI::Option* file = command.add_option("file", options.file, what);
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
  command.add_option("--exclude", options.excluded, "No case has all of these values of axes; may be repeated")
      ->type_name("KEY=VALUE[,...]");
  command
      .add_option(
          "--last", options.last,
          "An earlier run of this file: what failed in it comes first, its times are the estimate, and --pairwise "
          "and --t-way keep its combinations")
      ->type_name("RUN");
  command
      .add_option("--budget", options.budget,
                  "How long the run may take; cases that tell most come first, and what is left out is listed")
      ->type_name("TIME");
  command.add_option("--duration", options.duration, "Measured time of each transfer, over the file's")
      ->type_name("TIME");
  command.add_option("--warmup", options.warmup, "Time cut off before, over the file's")->type_name("TIME");
  command.add_option("--max-rate", options.max_rate, "Between existing machines: of a transfer, over the file's")
      ->type_name("RATE");
  command.add_option("--max-bytes", options.max_bytes, "The same")->type_name("SIZE");
  command.add_option("--max-seconds", options.max_seconds, "The same")->type_name("TIME");
  command.add_flag("--reference", options.reference,
                   "One leg more, between the same ends without the routers, as in a file with reference = true");
  add_reach_option(command, options.extend_anywhere);
  return file;
}

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

void add_session_options(CLI::App& command, RunChoices& options) {
  command.add_option("--out", options.out, "Run folder, new or empty (default: runs/TIME-NAME)")->type_name("DIR");
  command.add_option("--accel", options.accelerator, "auto (KVM if it boots the guest's kernel), kvm or tcg")
      ->type_name("WORD")
      ->capture_default_str();
  command.add_flag("--cold", options.cold, "Boot every guest; neither use nor save their states");
  command.add_flag("-v,--verbose", options.verbose, "Show every finding, not only those that matter");
}

void add_jobs(CLI::App& command, unsigned& jobs) {
  command
      .add_option("--jobs", jobs,
                  "Labs at a time, each on CPUs of its own (default: as many as have a CPU for each guest's and fit "
                  "into the memory)")
      ->check(CLI::Range(1, 999));
}

// After --jobs and --accel.
CLI::Option* add_hosts(CLI::App& command, std::string& hosts, std::vector<std::string>& tags) {
  CLI::Option* option =
      command.add_option("--hosts", hosts, "Run the labs on these hosts, over SSH: a file (docs/campaigns.md)");
  option->type_name("FILE")->excludes("--jobs")->excludes("--accel");
  command.add_option("--tag", tags, "Only hosts that have this tag, or this name; may be repeated")
      ->type_name("TAG")
      ->needs(option);
  return option;
}

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
    };
  };
  add_command<RunOptions>(
      app, chosen, "run", "Is forwarding healthy? Runs every case of a topology file; any fault is a fail.",
      configure(one_file), [](const RunOptions& options) { return run_command(options, Question::healthy); });
  add_command<RunOptions>(app, chosen, "verify",
                          "Does every case come out as the file expects? Passes while a known fault is still caught.",
                          configure(file_or_folder), verify_command);
}

void add_gate(CLI::App& app, CommandBody& chosen) {
  add_command<GateCommandOptions>(
      app, chosen, "gate",
      "May a change be deployed? Compares a candidate with the baseline: exit status 0 not worse, 1 worse, 4 "
      "undecided.",
      [](CLI::App& command, GateCommandOptions& options) {
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
        command.add_flag("--strict", options.strict, "Be wrong in 1 of 100 at most, instead of 5");
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
        command
            .add_option("--accel", options.gate.accelerator, "auto (KVM if it boots the guest's kernel), kvm or tcg")
            ->type_name("WORD")
            ->capture_default_str();
        command.add_flag("--cold", options.gate.cold, "Boot every guest; neither use nor save their states");
      },
      gate_command);
}

void add_bisect(CLI::App& app, CommandBody& chosen) {
  add_command<BisectCommandOptions>(
      app, chosen, "bisect",
      "Which settings make the fault of a case, or which of a list of versions? Exit status 0: proven, 4: not.",
      [](CLI::App& command, BisectCommandOptions& options) {
        command.add_option("file", options.scenario.file, one_file)->required();
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
        command
            .add_option("--accel", options.bisect.accelerator, "auto (KVM if it boots the guest's kernel), kvm or tcg")
            ->type_name("WORD")
            ->capture_default_str();
        command.add_flag("--cold", options.bisect.cold, "Boot every guest; neither use nor save their states");
      },
      bisect_command);
}

void add_inspect(CLI::App& app, CommandBody& chosen) {
  add_command<InspectOptions>(
      app, chosen, "inspect",
      "The risk of a router without traffic, read only. Exit status 0 safe, 1 at risk, 4 it cannot be told.",
      [](CLI::App& command, InspectOptions& options) {
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

void add_nights(CLI::App& app, CommandBody& chosen) {
  constexpr const char* default_history = "runs/history.sqlite";
  add_command<NightOptions>(
      app, chosen, "nightly",
      "Runs a campaign: its topology files until a deadline, what is new or slower than in the nights before, and why.",
      [](CLI::App& command, NightOptions& options) {
        CLI::Option* file = command.add_option("file", options.campaign, "Campaign file (TOML)");
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
        command.add_option("--accel", options.accelerator, "auto (KVM if it boots the guest's kernel), kvm or tcg")
            ->type_name("WORD")
            ->capture_default_str();
        command.add_flag("--cold", options.cold, "Boot every guest; neither use nor save their states");
        add_jobs(command, options.jobs);
        add_hosts(command, options.hosts, options.tags);
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
      app, chosen, "ack", "Says that a change of throughput is known: it fails no more nights.",
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

void add_reading_commands(CLI::App& app, CommandBody& chosen) {
  add_command<JudgeOptions>(
      app, chosen, "judge", "Judges a recorded run again, from its folder alone; writes its run.json.",
      [](CLI::App& command, JudgeOptions& options) {
        command.add_option("run", options.folder, "Run folder, as `offlab run` printed it")->required();
        command.add_option("-o,--out", options.out, "New folder for run.json and junit.xml; without it the run folder");
        command.add_flag("-v,--verbose", options.verbose, "Show every finding, not only those that matter");
      },
      judge_command);
  add_command<MergeOptions>(
      app, chosen, "merge", "Puts runs of one file on several machines together and judges them as one run.",
      [](CLI::App& command, MergeOptions& options) {
        command.add_option("runs", options.runs, "Run folders, as --shard or --case made them")->required();
        command.add_option("--out", options.out, "Folder, new or empty (default: runs/TIME-merged)")->type_name("DIR");
        command.add_flag("-v,--verbose", options.verbose, "Show every finding, not only those that matter");
      },
      merge_command);
  add_command<AnalyzeOptions>(
      app, chosen, "analyze",
      "Judges a router by captures that were made elsewhere: one beside it, or one on each side.",
      [](CLI::App& command, AnalyzeOptions& options) {
        CLI::Option* captures = command.add_option(
            "captures", options.files,
            "pcap or pcapng, also compressed: before the router, and behind it; - is standard input");
        captures->expected(1, 2);
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
  add_command<SelftestOptions>(
      app, chosen, "selftest",
      "How far can verdicts be trusted? Defects in recordings; with --rounds also labs, healthy and faulty.",
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
  add_command<ValidateOptions>(
      app, chosen, "validate", "Checks topology files and starts nothing. Shows all mistakes at once.",
      [](CLI::App& command, ValidateOptions& options) {
        command.add_option("files", options.files, "Topology files (TOML)")->required();
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

void add_put_back(CLI::App& app, CommandBody& chosen) {
  CLI::App* command = app.add_subcommand(
      "put-back", "Puts back what killed runs have left switched on existing machines (docs/existing-machines.md).");
  command->callback([&chosen] { chosen = put_back_command; });
}

void add_host_commands(CLI::App& app, CommandBody& chosen) {
  CLI::App* host = app.add_subcommand("host", "Settings of an ESXi host (docs/vmware.md).");
  CLI::App* lro = host->add_subcommand("lro", "The settings that let the host merge packets for virtual machines.");
  host->require_subcommand(1);
  lro->require_subcommand(1);
  const auto add_host = [](CLI::App& command, auto& options) {
    command.add_option("--host", options.host, "How the host is reached: a file")->type_name("FILE")->required();
  };
  add_command<HostLroOptions>(
      *lro, chosen, "show", "Shows them, and others that decide about LRO.",
      [&](CLI::App& command, HostLroOptions& options) {
        add_host(command, options);
        command.add_flag("--json", options.json, "As JSON");
      },
      host_lro_show_command);
  add_command<HostLroOptions>(
      *lro, chosen, "set", "Switches the five, one at a time; what they had is kept.",
      [&](CLI::App& command, HostLroOptions& options) {
        add_host(command, options);
        command.add_option("value", options.value, "on or off")->required()->check(CLI::IsMember({"on", "off"}));
        command.add_flag("--yes", options.yes, "Agrees to what that reboots, and does not ask");
      },
      host_lro_set_command);
  add_command<HostLroOptions>(
      *lro, chosen, "restore", "Gives them what they had before the first `set`.",
      [&](CLI::App& command, HostLroOptions& options) {
        add_host(command, options);
        command.add_flag("--yes", options.yes, "Agrees to what that reboots, and does not ask");
      },
      host_lro_restore_command);
  add_command<HostReportOptions>(
      *host, chosen, "report", "Writes down what a host says of itself, read only: for fixtures of this project.",
      [&](CLI::App& command, HostReportOptions& options) {
        add_host(command, options);
        command.add_option("--out", options.out, "The archive")->type_name("FILE")->capture_default_str();
      },
      host_report_command);
  add_command<HostCaptureOptions>(
      *host, chosen, "capture", "Captures at a virtual NIC or an uplink, for `offlab analyze`.",
      [&](CLI::App& command, HostCaptureOptions& options) {
        add_host(command, options);
        command.add_option("place", options.place, "router.eth0, a MAC address, the number of a port, or vmnic0")
            ->required();
        command.add_option("--out", options.out, "The capture file")->type_name("FILE")->required();
        command.add_option("--seconds", options.seconds, "It ends after them")
            ->capture_default_str()
            ->check(CLI::Range(1, 3600));
        command.add_option("--megabytes", options.megabytes, "Or after so much")
            ->capture_default_str()
            ->check(CLI::Range(1, 10'000));
        command.add_option("--snap", options.snap_length, "Bytes of a frame")
            ->capture_default_str()
            ->check(CLI::Range(64, 65'535));
      },
      host_capture_command);
  CLI::App* vm = host->add_subcommand("vm", "Virtual machines of the host, by name.");
  vm->require_subcommand(1);
  add_command<HostMachineOptions>(
      *vm, chosen, "list", "Shows them, with their NICs and port groups.",
      [&](CLI::App& command, HostMachineOptions& options) {
        add_host(command, options);
        command.add_flag("--json", options.json, "As JSON");
      },
      host_vm_list_command);
  const auto add_machine = [&](CLI::App& command, HostMachineOptions& options) {
    add_host(command, options);
    command.add_option("machine", options.machine, "Its name on the host")->required();
  };
  add_command<HostMachineOptions>(*vm, chosen, "start", "Starts one.", add_machine, host_vm_start_command);
  add_command<HostMachineOptions>(*vm, chosen, "stop", "Shuts one down, through VMware Tools.", add_machine,
                                  host_vm_stop_command);
}

void add_cache_command(CLI::App& app, CommandBody& chosen) {
  CLI::App* cache = app.add_subcommand("cache", "What offlab keeps on disk: images and saved guests, and their sizes.");
  cache->require_subcommand(0, 1);
  cache->callback([cache, &chosen] {
    if (cache->get_subcommands().empty()) chosen = cache_command;
  });
  add_command<CacheClearOptions>(
      *cache, chosen, "clear", "Removes what nobody uses; everything, or what the options name.",
      [](CLI::App& command, CacheClearOptions& options) {
        command.add_flag("--images", options.images, "Guest images; they are built again when they are needed");
        command.add_flag("--warm", options.warm, "Saved guests; the next run boots, and saves them again");
      },
      cache_clear_command);
}

void add_machinery(CLI::App& app, CommandBody& chosen) {
  CLI::App* image = app.add_subcommand("image", "Guest images.");
  image->require_subcommand(1);
  add_command<std::string>(
      *image, chosen, "build", "Builds a guest image from its recipe, when anything changed.",
      [](CLI::App& command, std::string& name) {
        command
            .add_option("name", name, "A shipped image (debian-12), or the path of a recipe, with a '/' (./mine.toml)")
            ->required();
      },
      image_build_command);
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

// In the order in which CLI11 takes them: the last one first. `ssh NODE -- COMMAND`: what follows the node is the
// command with or without the dashes.
std::vector<std::string> words_of(int argc, const char* const* argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (words[0] == "ssh" || words[0] == "exec")
    if (const auto dashes = std::find(words.begin(), words.end(), "--"); dashes != words.end()) words.erase(dashes);
  std::reverse(words.begin(), words.end());
  return words;
}

}  // namespace

void add_reach_option(CLI::App& command, bool& extend_anywhere) {
  command.add_flag("--extend-anywhere", extend_anywhere,
                   "A topology file may name files outside of its folder, to extend and as image recipes");
}

std::variant<CommandBody, int> parse_command_line(int argc, const char* const* argv) {
  CLI::App app(about, "offlab");
  app.footer(exit_codes);
  app.require_subcommand(1);
  app.failure_message([](const CLI::App* failed, const CLI::Error& error) {
    return "error: " + CLI::FailureMessage::simple(failed, error);
  });
  app.set_version_flag("--version", "offlab " + std::string(program_version()));
  CommandBody chosen;
  add_running_commands(app, chosen);
  add_gate(app, chosen);
  add_bisect(app, chosen);
  add_inspect(app, chosen);
  add_nights(app, chosen);
  add_lab_commands(app, chosen);
  add_reading_commands(app, chosen);
  add_put_back(app, chosen);
  add_host_commands(app, chosen);
  add_cache_command(app, chosen);
  add_machinery(app, chosen);
  if (argc < 2) {
    std::cerr << app.help();
    return usage_status;
  }
  std::vector<std::string> commands;
  for (const CLI::App* command : app.get_subcommands({})) commands.push_back(command->get_name());
  const std::string word = argv[1];
  if (word[0] != '-' && std::find(commands.begin(), commands.end(), word) == commands.end()) {
    const std::string nearest = nearest_word(word, commands);
    std::cerr << "error: there is no command '" << word << "'"
              << (nearest.empty() ? "; see offlab --help" : "; did you mean '" + nearest + "'?") << "\n";
    return usage_status;
  }
  try {
    app.parse(words_of(argc, argv));
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : usage_status;
  }
  return chosen;
}

}  // namespace offlab
