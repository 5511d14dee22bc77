#include <fmt/core.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clean_format.h"
#include "base/host_name.h"
#include "base/json.h"
#include "cli/commands.h"
#include "esxi/esxcli_settings.h"
#include "esxi/switch_settings.h"
#include "process/stop_signals.h"
#include "session/esxi_host.h"
#include "session/paths.h"
#include "worker/machine_shell.h"

namespace offlab {
namespace {

constexpr int not_all = 3;

std::vector<std::string> keys(bool lro_only) {
  std::vector<std::string> names;
  for (const EsxiSettingRow& row : esxi_settings)
    if (row.is_lro || !lro_only) names.emplace_back(row.key);
  return names;
}

void tell(const std::string& host, const std::string& key, std::int64_t was, std::int64_t now) {
  clean_print(stdout, "{}: {} {} -> {}\n", host, key, was, now);
  std::fflush(stdout);
}

// False, with what is left, where not all of it can be.
bool bring_back(HostSettings& settings, SettingsJournal& journal) {
  const auto left = restore_settings(settings, journal, tell);
  for (const std::string& one : left) clean_print(stderr, "not brought back: {}\n", one);
  return left.empty();
}

// What a process that was killed has left in the middle goes back first.
bool bring_back_unfinished(HostSettings& settings, SettingsJournal& journal) {
  if (!journal.is_unfinished()) return true;
  fmt::print(stdout, "a `set` that was killed has left settings switched; they get back what they had\n");
  return bring_back(settings, journal);
}

// The host of a file, its settings and its journal.
class Host {
 public:
  Host(const HostLroOptions& options, const char* what)
      : login_(load_esxi_host(options.host)),
        journal_(cache_folder() / "esxi", login_.address,
                 fmt::format("offlab host lro {} ({}, process {})", what, user_at_host(), getpid())),
        shell_(machine_shell(login_.address, login_)),
        settings_(*shell_, clock_, login_.address) {
    // Passwords are in this process's memory.
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    shell_->connect(login_.address, Deadline("ssh on " + login_.address, std::chrono::seconds(10), clock_),
                    signals_.token());
  }

  HostSettings& settings() { return settings_; }
  SettingsJournal& journal() { return journal_; }
  std::stop_token stop() const { return signals_.token(); }
  const std::string& address() const { return login_.address; }

 private:
  StopSignals signals_{{SIGINT, SIGTERM, SIGHUP}};
  SteadyClock clock_;
  MachineLogin login_;
  SettingsJournal journal_;
  std::unique_ptr<NodeShell> shell_;
  EsxcliSettings settings_;
};

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
    clean_print(stdout, "{} was {} before `offlab host lro set`\n", one.key, one.was);
}

std::string as_json(const std::string& host, const std::vector<EsxiSetting>& settings) {
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
  return json{{"schema", "offlab.host-lro/1"}, {"host", host}, {"settings", rows}}.dump(
             1, ' ', false, json::error_handler_t::replace) +
         "\n";
}

}  // namespace

int host_lro_show_command(const HostLroOptions& options) {
  Host host(options, "show");
  if (!bring_back_unfinished(host.settings(), host.journal())) return not_all;
  const std::vector<EsxiSetting> settings = host.settings().read(host.address(), keys(false));
  if (options.json)
    fmt::print(stdout, "{}", as_json(host.address(), settings));
  else
    show_table(host.address(), settings, host.journal());
  return 0;
}

int host_lro_set_command(const HostLroOptions& options) {
  Host host(options, "set");
  if (!bring_back_unfinished(host.settings(), host.journal())) return not_all;
  const std::int64_t value = options.value == "on" ? 1 : 0;
  switch_settings(host.settings(), host.journal(), keys(true), value, host.stop(), tell);
  clean_print(
      stdout,
      "{}: the settings are stored. VMware's texts disagree on whether the host must be rebooted before they are "
      "in force: only traffic shows it\n`offlab host lro restore` gives them what they had\n",
      host.address());
  return 0;
}

int host_lro_restore_command(const HostLroOptions& options) {
  Host host(options, "restore");
  const bool nothing = host.journal().saved().empty();
  const bool all = bring_back(host.settings(), host.journal());
  if (nothing) fmt::print(stdout, "nothing is switched\n");
  return all ? 0 : not_all;
}

}  // namespace offlab
