#include "machine/kept_state.h"

#include <sstream>

#include <fmt/core.h>

#include "base/error.h"
#include "base/shell_words.h"
#include "lab/guest_values.h"
#include "measure/sections.h"

namespace offlab {
namespace {

std::string offloads_section(const GuestFamily& family, const std::string& device) {
  return fmt::format("{} {}", family.show_offloads(), device);
}

std::string mtu_section(const std::string& device) {
  return "mtu " + device;
}

const std::string& text_of(const std::map<std::string, std::string>& sections, const std::string& name) {
  const auto found = sections.find(name);
  if (found == sections.end() || found->second.empty()) throw Error(fmt::format("it did not print its '{}'", name));
  return found->second;
}

std::string write_command(const GuestFile& file, const std::string& value) {
  return fmt::format("echo {} > {}", shell_quoted(value), shell_quoted(file.path));
}

}  // namespace

std::string state_script(const GuestFamily& family, const Switched& switched) {
  std::string script = fmt::format("echo '==> boot_id <=='; {}\n", family.show_boot());
  for (const std::string& device : switched.offloads)
    script += fmt::format("echo '==> {} <=='; {} {}\n", offloads_section(family, device), family.show_offloads(),
                          shell_quoted(device));
  for (const std::string& device : switched.mtus)
    script += fmt::format("echo '==> {} <=='; {}\n", mtu_section(device), family.show_mtu(device));
  for (const GuestFile& file : switched.files) script += read_value(file);
  return script + "echo '==> end <=='\n";
}

KeptState parse_state(const GuestFamily& family, const std::string& output, const Switched& switched) {
  const auto sections = parse_sections(output);
  KeptState state;
  state.boot_id = without_last_ends_of_line(text_of(sections, "boot_id"));
  for (const std::string& device : switched.offloads)
    state.offloads[device] = family.offloads_in(text_of(sections, offloads_section(family, device)));
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

std::vector<std::string> commands_of(const GuestFamily& family, const KeptState& before) {
  std::vector<std::string> commands;
  for (const auto& [device, mtu] : before.mtus) commands.push_back(family.set_mtu(device, mtu));
  for (const auto& [file, value] : before.files) commands.push_back(write_command(file, value));
  for (const auto& [device, features] : before.offloads) {
    std::string all;  // "ethtool -K lan gro on", and the words of the others behind it
    for (const auto& [feature, on] : features) {
      const std::string one = family.switch_back(device, feature, on);
      all += all.empty() ? one : one.substr(one.find(device) + device.size());
    }
    if (!all.empty()) commands.push_back(all);
  }
  return commands;
}

std::vector<std::string> commands_back(const GuestFamily& family, const KeptState& before, const KeptState& now) {
  std::vector<std::string> commands;
  for (const auto& [device, mtu] : before.mtus)
    if (now.mtus.at(device) != mtu) commands.push_back(family.set_mtu(device, mtu));
  for (const auto& [file, value] : before.files)
    if (now.files.at(file) != value) commands.push_back(write_command(file, value));
  if (!commands.empty()) return commands;
  for (const auto& [device, features] : before.offloads)
    for (const auto& [feature, on] : features)
      if (const auto found = now.offloads.at(device).find(feature);
          found != now.offloads.at(device).end() && found->second != on)
        commands.push_back(family.switch_back(device, feature, on));
  return commands;
}

}  // namespace offlab
