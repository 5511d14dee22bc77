#include "machine/kept_state.h"

#include <sstream>

#include <fmt/core.h>

#include "base/error.h"
#include "base/shell_words.h"
#include "lab/guest_values.h"
#include "measure/sections.h"

namespace offlab {
namespace {

constexpr const char* boot_id_file = "/proc/sys/kernel/random/boot_id";

std::string offloads_section(const std::string& device) {
  return "ethtool -k " + device;
}

std::string mtu_section(const std::string& device) {
  return "mtu " + device;
}

const std::string& text_of(const std::map<std::string, std::string>& sections, const std::string& name) {
  const auto found = sections.find(name);
  if (found == sections.end() || found->second.empty()) throw Error(fmt::format("it did not print its '{}'", name));
  return found->second;
}

bool is_indented(const std::string& line) {
  return line.starts_with('\t') || line.starts_with(' ');
}

}  // namespace

std::string state_script(const Switched& switched) {
  std::string script = fmt::format("echo '==> boot_id <=='; cat {}\n", boot_id_file);
  for (const std::string& device : switched.offloads)
    script += fmt::format("echo '==> {} <=='; ethtool -k {}\n", offloads_section(device), shell_quoted(device));
  for (const std::string& device : switched.mtus)
    script += fmt::format("echo '==> {} <=='; cat {}\n", mtu_section(device),
                          shell_quoted("/sys/class/net/" + device + "/mtu"));
  for (const GuestFile& file : switched.files) script += read_value(file);
  return script + "echo '==> end <=='\n";
}

KeptState parse_state(const std::string& output, const Switched& switched) {
  const auto sections = parse_sections(output);
  KeptState state;
  state.boot_id = without_last_ends_of_line(text_of(sections, "boot_id"));
  for (const std::string& device : switched.offloads)
    state.offloads[device] = parse_offload_lines(text_of(sections, offloads_section(device)));
  for (const std::string& device : switched.mtus) {
    std::istringstream text(text_of(sections, mtu_section(device)));
    unsigned mtu = 0;
    if (!(text >> mtu)) throw Error(fmt::format("it did not print the MTU of '{}'", device));
    state.mtus[device] = mtu;
  }
  for (const GuestFile& file : switched.files)
    state.files[file] = without_last_ends_of_line(text_of(sections, file.name));
  return state;
}

std::map<std::string, bool> parse_offload_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  std::map<std::string, bool> features;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string& line = lines[i];
    const auto colon = line.find(": ");
    const bool sums_up = !is_indented(line) && i + 1 < lines.size() && is_indented(lines[i + 1]);
    if (colon == std::string::npos || sums_up || line.find("[fixed]") != std::string::npos) continue;
    const std::string name = line.substr(line.find_first_not_of("\t "), colon - line.find_first_not_of("\t "));
    const std::string value = line.substr(colon + 2);
    if (value.find("[requested on]") != std::string::npos)
      features[name] = true;
    else if (value.find("[requested off]") != std::string::npos)
      features[name] = false;
    else
      features[name] = value.starts_with("on");
  }
  return features;
}

std::vector<std::string> commands_of(const KeptState& before) {
  std::vector<std::string> commands;
  for (const auto& [device, mtu] : before.mtus)
    commands.push_back(fmt::format("ip link set dev {} mtu {}", device, mtu));
  for (const auto& [file, value] : before.files)
    commands.push_back(fmt::format("echo {} > {}", shell_quoted(value), shell_quoted(file.path)));
  for (const auto& [device, features] : before.offloads) {
    std::string command = "ethtool -K " + device;
    for (const auto& [feature, on] : features) command += fmt::format(" {} {}", feature, on ? "on" : "off");
    if (!features.empty()) commands.push_back(command);
  }
  return commands;
}

std::vector<std::string> commands_back(const KeptState& before, const KeptState& now) {
  std::vector<std::string> commands;
  for (const auto& [device, mtu] : before.mtus)
    if (now.mtus.at(device) != mtu) commands.push_back(fmt::format("ip link set dev {} mtu {}", device, mtu));
  for (const auto& [file, value] : before.files)
    if (now.files.at(file) != value)
      commands.push_back(fmt::format("echo {} > {}", shell_quoted(value), shell_quoted(file.path)));
  if (!commands.empty()) return commands;
  for (const auto& [device, features] : before.offloads)
    for (const auto& [feature, on] : features)
      if (const auto found = now.offloads.at(device).find(feature);
          found != now.offloads.at(device).end() && found->second != on)
        commands.push_back(fmt::format("ethtool -K {} {} {}", device, feature, on ? "on" : "off"));
  return commands;
}

}  // namespace offlab
