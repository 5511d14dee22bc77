#include "cli/command_words.h"
#include "cli/commands.h"

namespace offlab {
namespace {

void add_put_back(CLI::App& app, CommandBody& chosen) {
  CLI::App* command = app.add_subcommand(
      "put-back", "Puts back what killed runs have left switched on existing machines (docs/existing-machines.md).");
  command->callback([&chosen] { chosen = put_back_command; });
}

void add_host(CLI::App& app, CommandBody& chosen) {
  CLI::App* host = app.add_subcommand("host", "Settings of an ESXi host (docs/vmware.md).");
  CLI::App* lro =
      host->add_subcommand("lro", "The settings that let the host coalesce packets for virtual machines (LRO).");
  host->require_subcommand(1);
  lro->require_subcommand(1);
  const auto add_file = [](CLI::App& command, auto& options) {
    command.add_option("--host", options.host, "How the host is reached: a file")->type_name("FILE")->required();
  };
  add_command<HostLroOptions>(
      *lro, chosen, "show", "Shows them, and others that decide about LRO.",
      [&](CLI::App& command, HostLroOptions& options) {
        add_file(command, options);
        command.add_flag("--json", options.json, "As JSON");
      },
      host_lro_show_command);
  add_command<HostLroOptions>(
      *lro, chosen, "set", "Switches the five settings, one at a time; their old values are kept.",
      [&](CLI::App& command, HostLroOptions& options) {
        add_file(command, options);
        command.add_option("value", options.value, "on or off")->required()->check(CLI::IsMember({"on", "off"}));
        command.add_flag("--yes", options.yes, "Agrees to what that reboots, and does not ask");
      },
      host_lro_set_command);
  add_command<HostLroOptions>(
      *lro, chosen, "restore", "Gives them what they had before the first `set`.",
      [&](CLI::App& command, HostLroOptions& options) {
        add_file(command, options);
        command.add_flag("--yes", options.yes, "Agrees to what that reboots, and does not ask");
      },
      host_lro_restore_command);
  add_command<HostReportOptions>(
      *host, chosen, "report", "Writes down what a host says of itself, read only: for fixtures of this project.",
      [&](CLI::App& command, HostReportOptions& options) {
        add_file(command, options);
        command.add_option("--out", options.out, "The archive")->type_name("FILE")->capture_default_str();
      },
      host_report_command);
  add_command<HostCaptureOptions>(
      *host, chosen, "capture", "Captures at a virtual NIC or an uplink, for `offlab analyze`.",
      [&](CLI::App& command, HostCaptureOptions& options) {
        add_file(command, options);
        command.add_option("place", options.place, "router.eth0, a MAC address, the number of a port, or vmnic0")
            ->required();
        command.add_option("--out", options.out, "The capture file")->type_name("FILE")->required();
        command.add_option("--seconds", options.seconds, "It ends after them")
            ->capture_default_str()
            ->check(CLI::Range(1, 3600));
        command.add_option("--megabytes", options.megabytes, "The capture ends after this many megabytes, too")
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
        add_file(command, options);
        command.add_flag("--json", options.json, "As JSON");
      },
      host_vm_list_command);
  const auto add_machine = [&](CLI::App& command, HostMachineOptions& options) {
    add_file(command, options);
    command.add_option("machine", options.machine, "Its name on the host")->required();
  };
  add_command<HostMachineOptions>(*vm, chosen, "start", "Starts one.", add_machine, host_vm_start_command);
  add_command<HostMachineOptions>(*vm, chosen, "stop", "Shuts one down, through VMware Tools.", add_machine,
                                  host_vm_stop_command);
}

}  // namespace

void add_host_commands(CLI::App& app, CommandBody& chosen) {
  add_put_back(app, chosen);
  add_host(app, chosen);
}

}  // namespace offlab
