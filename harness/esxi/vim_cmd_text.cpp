#include "esxi/vim_cmd_text.h"

#include <charconv>

#include <fmt/core.h>

#include "base/error.h"
#include "esxi/printed_lines.h"
#include "model/esxi_nic.h"

namespace offlab {
namespace {

// `macAddress = "00:0c:29:01:02:03", ` -> the text between the quotation marks.
std::string quoted_in(std::string_view line) {
  const auto begin = line.find_first_of("\"'");
  if (begin == std::string_view::npos) return "";
  const auto end = line.find(line[begin], begin + 1);
  if (end == std::string_view::npos) return "";
  return std::string(line.substr(begin + 1, end - begin - 1));
}

}  // namespace

std::vector<ListedMachine> parse_all_machines(std::string_view output) {
  std::vector<ListedMachine> machines;
  for (const std::string_view line : lines_of(output)) {
    ListedMachine machine;
    const auto [rest, error] = std::from_chars(line.data(), line.data() + line.size(), machine.id);
    const std::string_view after(rest, static_cast<std::size_t>(line.data() + line.size() - rest));
    // Its name ends where "[datastore] folder/name.vmx" begins; a line of a note has no such.
    const auto file = after.find(" [");
    if (error != std::errc() || !after.starts_with(' ') || file == std::string_view::npos ||
        after.find(".vmx", file) == std::string_view::npos)
      continue;
    machine.name = trimmed(after.substr(0, file));
    if (!machine.name.empty()) machines.push_back(std::move(machine));
  }
  return machines;
}

bool parse_power_state(std::string_view output) {
  for (const std::string_view line : lines_of(output)) {
    const std::string_view state = trimmed(line);
    if (state == "Powered on") return true;
    if (state == "Powered off" || state == "Suspended") return false;
  }
  throw Error(fmt::format("vim-cmd: '{}' is no power state", trimmed(output)));
}

std::vector<HostNic> parse_devices(std::string_view output) {
  std::vector<HostNic> nics;
  bool is_nic = false;
  for (const std::string_view line : lines_of(output)) {
    constexpr std::string_view prefix = "(vim.vm.device.";
    const std::string_view text = trimmed(line);
    const auto type = text.find(prefix);
    // A device begins; parts of one ("...BackingInfo") have a longer name.
    if (type != std::string_view::npos && text.ends_with('{')) {
      const std::string_view name = text.substr(type + prefix.size());
      const std::string_view device = name.substr(0, name.find(')'));
      if (device.find('.') != std::string_view::npos) continue;
      const std::string model = esxi_nic_model(device);
      is_nic = !model.empty();
      if (is_nic) nics.push_back({.model = model, .network = {}, .mac = {}});
    } else if (is_nic && (text.starts_with("deviceName = ") || text.starts_with("portgroupKey = "))) {
      nics.back().network = quoted_in(text);
    } else if (is_nic && text.starts_with("macAddress = ")) {
      nics.back().mac = quoted_in(text);
    }
  }
  return nics;
}

}  // namespace offlab
