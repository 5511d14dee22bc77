#include "cli/command_words.h"
#include "cli/lab_commands.h"
#include "cli/shared_options.h"

namespace offlab {
namespace {

void add_lab_option(CLI::App& command, std::string& lab) {
  command.add_option("--lab", lab, "The lab; may be left out when only one is up")->type_name("NAME");
}

void add_node(CLI::App& command, std::string& lab, std::string& node) {
  add_lab_option(command, lab);
  command.add_option("node", node, "Node of the lab")->required();
}

void add_up_and_down(CLI::App& app, CommandBody& chosen) {
  add_command<UpOptions>(
      app, chosen, "up", "Starts the lab of a topology file and leaves it running.",
      [](CLI::App& command, UpOptions& options) {
        command.add_option("file", options.file, "Topology file (TOML)")->type_name("TOML")->required();
        command.add_option("--name", options.name, "Name of the lab (default: the file's)")->type_name("NAME");
        command
            .add_option("--case", options.case_glob,
                        "Machines and settings of the first case that matches (default: the first case's machines, the "
                        "file's own settings)")
            ->type_name("GLOB");
        add_start_options(command, options.accelerator, options.cold);
        command.add_flag("--foreground", options.foreground,
                         "Stay in the foreground; the lab ends with this command, however that ends");
        command.add_option("--wait", options.wait, "How long to wait for memory that other labs hold (default: 0s)")
            ->type_name("TIME");
        add_reach_option(command, options.extend_anywhere);
      },
      up_command);
  add_command<DownOptions>(
      app, chosen, "down", "Ends a lab that was started with `up`, with all that is in it.",
      [](CLI::App& command, DownOptions& options) {
        command.add_option("name,--lab", options.name, "The lab; may be left out when only one is up");
        command.add_flag("--all", options.all, "Every lab");
      },
      down_command);
}

void add_guest_commands(CLI::App& app, CommandBody& chosen) {
  constexpr const char* footer =
      "What follows the node is the command, its options included.\n"
      "Exit status: that of the command, 2 usage, 3 error (the guest cannot be reached).";
  const auto with_words = [&](const char* name, const char* help, int (*run)(const GuestOptions&)) {
    const auto options = std::make_shared<GuestOptions>();
    CLI::App* command = app.add_subcommand(name, help);
    add_node(*command, options->lab, options->node);
    command->prefix_command();  // what follows the node is the guest's, options and all
    command->footer(footer);
    command->callback([options, run, command, &chosen] {
      options->words = command->remaining();
      chosen = [options, run] { return run(*options); };
    });
  };
  with_words("ssh", "A shell in a guest, or a command in it.", ssh_command);
  with_words("exec", "Runs a command in a guest, with this stdin, stdout and stderr; exits with its status.",
             exec_command);
  add_command<ConsoleOptions>(
      app, chosen, "console", "Shows the serial log of a guest.",
      [](CLI::App& command, ConsoleOptions& options) {
        add_node(command, options.lab, options.node);
        command.add_flag("-f,--follow", options.follow, "Go on with what comes");
      },
      console_command);
}

void add_state_commands(CLI::App& app, CommandBody& chosen) {
  add_command<std::string>(
      app, chosen, "status", "Shows a lab: its guests, NICs, taps and settings.",
      [](CLI::App& command, std::string& name) {
        command.add_option("name,--lab", name, "The lab; may be left out when only one is up");
      },
      status_command);
  add_command<SetOptions>(
      app, chosen, "set", "Switches settings of a running lab and reads them back.",
      [](CLI::App& command, SetOptions& options) {
        add_lab_option(command, options.lab);
        command
            .add_option("settings", options.settings,
                        "NODE.FEATURE=on|off, NODE.mtu=N, NETWORK.mtu=N, hypervisor.lro=off|passthrough, "
                        "NETWORK.hypervisor.lro=...")
            ->required()
            ->type_name("KEY=VALUE");
      },
      set_command);
  add_command<CaptureOptions>(
      app, chosen, "capture", "Writes the frames of a guest's NIC to stdout as they pass, as pcapng.",
      [](CLI::App& command, CaptureOptions& options) {
        add_node(command, options.lab, options.node);
        command.add_option("interface", options.interface, "Network of the NIC, or the name of its tap")->required();
        command.add_option("-s,--snap", options.snap_length, "Bytes kept of each frame")
            ->check(CLI::Range(64, 65536))
            ->capture_default_str();
      },
      capture_command);
}

void add_care_commands(CLI::App& app, CommandBody& chosen) {
  const auto without_options = [&](const char* name, const char* help, int (*run)()) {
    app.add_subcommand(name, help)->callback([run, &chosen] { chosen = run; });
  };
  without_options("list", "Lists the labs that were started with `up`.", list_command);
  add_command<GcOptions>(
      app, chosen, "gc", "Removes what labs and builds that were killed have left.",
      [](CLI::App& command, GcOptions& options) {
        command
            .add_option("--connect", options.connect,
                        "On the host of this libvirt, as run has it: qemu+ssh://HOST/system")
            ->type_name("URI");
      },
      gc_command);
  without_options("doctor", "Checks whether labs can run on this machine, and says what is missing.", doctor_command);
}

}  // namespace

void add_lab_commands(CLI::App& app, CommandBody& chosen) {
  add_up_and_down(app, chosen);
  add_guest_commands(app, chosen);
  add_state_commands(app, chosen);
  add_care_commands(app, chosen);
}

}  // namespace offlab
