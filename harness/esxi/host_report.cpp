#include "esxi/host_report.h"

#include <map>
#include <regex>

#include <fmt/core.h>
#include <unistd.h>

#include "base/error.h"
#include "base/new_file.h"
#include "esxi/esxcli_text.h"
#include "model/esxi_setting.h"
#include "process/subprocess.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds command_limit{120};

struct Question {
  std::string name;
  std::string command;
};

std::string of_each_key(const std::string& words) {
  std::string script;
  for (const EsxiSettingRow& row : esxi_settings) script += fmt::format("{} -o {}; ", words, esxcli_path(row.key));
  return script;
}

std::vector<Question> questions() {
  std::vector<Question> all = {
      {"version", "esxcli system version get; vmware -vl"},
      {"uptime", "esxcli system stats uptime get"},
      {"maintenance-mode", "esxcli system maintenanceMode get"},
      {"nic-list", "esxcli network nic list"},
      {"nic-details",
       "for n in $(esxcli network nic list | awk 'NR > 2 { print $1 }'); do esxcli network nic get -n $n; done"},
      {"nic-tso", "esxcli network nic tso get"},
      {"nic-checksums", "esxcli network nic cso get"},
      {"vswitch-list", "esxcli network vswitch standard list; esxcli network vswitch dvs vmware list"},
      {"portgroup-list", "esxcli network vswitch standard portgroup list"},
      {"port-list", "net-stats -l"},
      {"settings-of-net", "esxcli system settings advanced list -t /Net"},
      {"setting-unknown", "esxcli system settings advanced list -o /Net/OfflabDoesNotExist"},
      {"capture-points", "pktcap-uw -A"},
      {"capture-help", "pktcap-uw -h"},
      {"shell", "busybox | head -n 2; timeout --help 2>&1 | head -n 8; date +%s.%N; awk --version 2>&1 | head -n 1"},
  };
  all.push_back({"settings-text", of_each_key("esxcli system settings advanced list")});
  for (const char* form : {"csv", "keyvalue", "xml", "json"})
    all.push_back({fmt::format("settings-{}", form),
                   of_each_key(fmt::format("esxcli --formatter={} system settings advanced list", form))});
  return all;
}

}  // namespace

std::vector<ReportPart> report_by_ssh(NodeShell& shell, Clock& clock, const std::string& host,
                                      const std::stop_token& stop) {
  std::vector<ReportPart> parts;
  for (const Question& one : questions()) {
    const CommandResult result =
        shell.run(host, one.command, Deadline(one.name + " of " + host, command_limit, clock), stop);
    parts.push_back({one.name, fmt::format("$ {}\nexit status {}\n--- stdout\n{}--- stderr\n{}", one.command,
                                           result.exit_status, result.output, result.errors)});
  }
  return parts;
}

std::string made_anonymous(std::string text, const std::vector<std::string>& names) {
  static const std::regex ipv4(R"(\b(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\b)");
  static const std::regex mac(
      R"(\b([0-9a-fA-F]{2}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2}):([0-9a-fA-F]{2}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2})\b)");
  for (const std::string& name : names)
    for (auto at = text.find(name); !name.empty() && at != std::string::npos; at = text.find(name, at))
      text.replace(at, name.size(), "esxi-host");
  std::map<std::string, std::size_t> numbers;
  const auto replace = [&](const std::regex& what, const auto& make) {
    std::string out;
    auto rest = text.cbegin();
    for (std::sregex_iterator one(text.begin(), text.end(), what), end; one != end; ++one) {
      out.append(rest, one->prefix().second);
      const std::size_t number = numbers.try_emplace(one->str(), numbers.size() + 1).first->second;
      out += make(*one, number);
      rest = one->suffix().first;
    }
    out.append(rest, text.cend());
    text = std::move(out);
  };
  replace(mac, [](const std::smatch& match, std::size_t number) {
    return fmt::format("{}:{:02x}:{:02x}:{:02x}", match[1].str(), 0, number / 256 % 256, number % 256);
  });
  replace(ipv4, [](const std::smatch& match, std::size_t number) {
    const std::string address = match.str();
    const bool is_plain = address == "0.0.0.0" || address == "127.0.0.1" || address.starts_with("255.");
    return is_plain ? address : fmt::format("192.0.2.{}", number % 256);
  });
  return text;
}

void write_archive(const std::vector<ReportPart>& parts, const fs::path& archive, const std::stop_token& stop) {
  std::string folder = (fs::temp_directory_path() / "offlab-report-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr)
    throw system_error("making a folder below " + fs::temp_directory_path().string());
  struct Removed {
    fs::path folder;
    ~Removed() {
      std::error_code ignored;
      fs::remove_all(folder, ignored);
    }
  } const removed{folder};
  for (const ReportPart& part : parts) {
    NewFile file(folder, "offlab-host-report/" + part.name + ".txt");
    file.write(part.text);
    file.take_its_place();
  }
  const fs::path fresh = archive.string() + ".part";
  run_or_throw({"tar", "-C", folder, "--owner=0", "--group=0", "-czf", fresh, "offlab-host-report"},
               Deadline("tar", command_limit), stop);
  fs::rename(fresh, archive);
}

}  // namespace offlab
