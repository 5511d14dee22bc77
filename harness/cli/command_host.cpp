#include <fmt/core.h>

#include "base/clean_format.h"
#include "base/json.h"
#include "base/new_file.h"
#include "cli/commands.h"
#include "cli/host_session.h"
#include "esxi/host_report.h"

namespace offlab {
namespace {

constexpr int not_all = 3;

std::string number_or(const std::optional<std::int64_t>& value, const char* otherwise) {
  return value ? std::to_string(*value) : otherwise;
}

void show_table(const std::string& host, const std::vector<EsxiSetting>& settings, const SettingsJournal& journal) {
  clean_print(stdout, "{}\n{:<26}{:<13}{:<9}{:<18}{:<18}{}\n", host, "setting", "value", "default", "impact",
              "virtual NICs", "what it does");
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const EsxiSetting& one = settings[i];
    const EsxiSettingRow& row = esxi_settings[i];
    clean_print(stdout, "{:<26}{:<13}{:<9}{:<18}{:<18}{}{}\n", one.key, number_or(one.value, "not present"),
                number_or(one.standard, "-"), one.impact.empty() ? "not said" : one.impact, std::string(row.nics),
                std::string(row.purpose), row.is_lro ? "" : " (read only)");
  }
  for (const SavedSetting& one : journal.saved())
    if (one.host == host) clean_print(stdout, "{} was {} before `offlab host lro set`\n", one.key, one.was);
}

nlohmann::json as_json(const std::string& host, const std::vector<EsxiSetting>& settings) {
  using nlohmann::json;
  json rows = json::array();
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const EsxiSetting& one = settings[i];
    const auto number = [](const std::optional<std::int64_t>& value) { return value ? json(*value) : json(nullptr); };
    rows.push_back({{"key", one.key},
                    {"present", one.value.has_value()},
                    {"value", number(one.value)},
                    {"default", number(one.standard)},
                    {"impact", one.impact.empty() ? json(nullptr) : json(one.impact)},
                    {"switched", esxi_settings[i].is_lro}});
  }
  return {{"host", host}, {"settings", rows}};
}

void print_json(const nlohmann::json& document) {
  fmt::print(stdout, "{}\n", document.dump(1, ' ', false, nlohmann::json::error_handler_t::replace));
}

void say_what_is_left(HostSession& hosts) {
  const std::string name = server_name(hosts.file());
  if (hosts.switched() == 0) {
    clean_print(stdout, "{}: the settings have these values already; nothing was changed\n", name);
    return;
  }
  const char* rebooted = "Nothing was rebooted, and VMware's texts disagree on whether that is needed";
  if (hosts.change().reboots() != 0)
    rebooted = hosts.file().change.reboot == EsxiReboot::host_reboot ? "The host was rebooted"
                                                                     : "The virtual machines were stopped and started";
  clean_print(
      stdout,
      "{}: the settings are stored. {}: only traffic shows whether they are in force\n`offlab host lro restore` "
      "gives them what they had\n",
      name, rebooted);
}

}  // namespace

int host_lro_show_command(const HostLroOptions& options) {
  HostSession hosts(options.host, "host lro show");
  hosts.say_unfinished();
  nlohmann::json all = nlohmann::json::array();
  for (const std::string& host : hosts.settings().hosts()) {
    std::vector<EsxiSetting> settings = hosts.settings().read(host, esxi_keys());
    hosts.settings().describe(host, settings);
    if (options.json)
      all.push_back(as_json(host, settings));
    else
      show_table(host, settings, hosts.journal());
  }
  if (!options.json) return 0;
  nlohmann::json document = all.size() == 1 ? all.front() : nlohmann::json::object();
  document["schema"] = "offlab.host-lro/1";
  document["hosts"] = std::move(all);
  print_json(document);
  return 0;
}

int host_lro_set_command(const HostLroOptions& options) {
  HostSession hosts(options.host, "host lro set");
  hosts.agree("", options.yes);
  if (!hosts.bring_back_unfinished()) return not_all;
  try {
    hosts.change().switch_to(options.value == "on" ? 1 : 0, hosts.stop());
  } catch (const Interrupted&) {
    clean_print(stderr, "{}: everything is as it was\n", server_name(hosts.file()));
    throw;
  }
  say_what_is_left(hosts);
  return 0;
}

int host_lro_restore_command(const HostLroOptions& options) {
  HostSession hosts(options.host, "host lro restore");
  if (hosts.journal().is_empty()) {
    fmt::print(stdout, "nothing is switched\n");
    return 0;
  }
  if (!hosts.journal().in_force().empty()) hosts.agree("the way back: ", options.yes);
  return hosts.bring_back() ? 0 : not_all;
}

int host_report_command(const HostReportOptions& options) {
  HostSession hosts(options.host, "host report");
  hosts.say_unfinished();
  const std::vector<ReportPart> parts = hosts.report();
  write_archive(parts, options.out, hosts.stop());
  clean_print(stdout,
              "{}: {} files. It holds no passwords and no keys; addresses are replaced. Look at it before you "
              "send it: tar xzf {}\n",
              options.out, parts.size(), options.out);
  return 0;
}

int host_capture_command(const HostCaptureOptions& options) {
  HostSession hosts(options.host, "host capture");
  hosts.say_unfinished();
  const std::filesystem::path out = options.out;
  NewFile file(out.has_parent_path() ? out.parent_path() : ".", out.filename());
  std::stop_source enough;
  const std::stop_callback by_signal(hosts.stop(), [&] { enough.request_stop(); });
  std::uint64_t bytes = 0;
  const std::uint64_t most = std::uint64_t{options.megabytes} * 1'000'000;
  clean_print(stderr, "{}: captures for at most {} s and {} MB; Ctrl-C ends it\n", options.place, options.seconds,
              options.megabytes);
  const std::uint64_t dropped = hosts.open().capture(
      options.place, options.snap_length, std::chrono::seconds(options.seconds),
      [&](std::string_view chunk) {
        bytes += chunk.size();
        if (bytes > most) enough.request_stop();
        file.write(chunk);
      },
      enough.get_token());
  file.take_its_place();
  clean_print(stdout, "{}: {} bytes, {} frames dropped by the host\njudge it: offlab analyze {}\n", options.out, bytes,
              dropped, options.out);
  return 0;
}

int host_vm_list_command(const HostMachineOptions& options) {
  HostSession hosts(options.host, "host vm list");
  hosts.say_unfinished();
  nlohmann::json all = nlohmann::json::array();
  for (const std::string& host : hosts.settings().hosts())
    for (const HostMachine& machine : hosts.power().machines(host, hosts.stop())) {
      if (!options.json) clean_print(stdout, "{}: {}, {}\n", host, machine.name, machine.runs ? "runs" : "off");
      nlohmann::json nics = nlohmann::json::array();
      for (const HostNic& nic : machine.nics) {
        nics.push_back({{"model", nic.model}, {"network", nic.network}, {"mac", nic.mac}});
        if (!options.json) clean_print(stdout, "    {:<10} {:<20} {}\n", nic.model, nic.mac, nic.network);
      }
      all.push_back({{"host", host}, {"name", machine.name}, {"runs", machine.runs}, {"nics", nics}});
    }
  if (options.json) print_json({{"schema", "offlab.host-vms/1"}, {"machines", all}});
  return 0;
}

namespace {

// The host that has the machine, where a file is about several.
std::string host_of(HostSession& hosts, const std::string& machine) {
  std::vector<std::string> found;
  for (const std::string& host : hosts.settings().hosts())
    for (const HostMachine& one : hosts.power().machines(host, hosts.stop()))
      if (one.name == machine) found.push_back(host);
  if (found.empty()) throw Error(fmt::format("{} has no virtual machine '{}'", server_name(hosts.file()), machine));
  if (found.size() > 1) throw Error(fmt::format("several virtual machines are called '{}'", machine));
  return found.front();
}

}  // namespace

int host_vm_start_command(const HostMachineOptions& options) {
  HostSession hosts(options.host, "host vm start");
  hosts.power().start_machine(host_of(hosts, options.machine), options.machine, hosts.stop());
  clean_print(stdout, "'{}' runs\n", options.machine);
  return 0;
}

int host_vm_stop_command(const HostMachineOptions& options) {
  HostSession hosts(options.host, "host vm stop");
  const Deadline deadline(fmt::format("'{}' to shut down", options.machine),
                          as_wait(hosts.file().change.machine_seconds), hosts.clock());
  hosts.power().stop_machine(host_of(hosts, options.machine), options.machine, deadline, hosts.stop());
  clean_print(stdout, "'{}' is off\n", options.machine);
  return 0;
}

}  // namespace offlab
