#include "config/names.h"

#include <algorithm>
#include <cctype>

#include <fmt/core.h>

#include "base/file_name.h"

namespace offlab {
namespace {

constexpr std::string_view small_letters = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view name_characters = "abcdefghijklmnopqrstuvwxyz0123456789-";
constexpr std::size_t max_network_name = 11;
constexpr std::size_t max_node_name = 20;
constexpr std::size_t max_flow_name = 40;

std::string read_name(const TomlEntry* entry, std::size_t max_length, const std::vector<std::string_view>& reserved,
                      Mistakes& mistakes) {
  const auto name = read_text(entry, mistakes);
  if (!name) return {};
  const SourcePosition position = entry->value.position;
  if (small_letters.find(name->front()) == std::string_view::npos ||
      name->find_first_not_of(name_characters) != std::string::npos)
    mistakes.add(position, fmt::format("'{}' is not a name", *name),
                 "a small letter, then small letters, digits and '-'");
  else if (name->size() > max_length)
    mistakes.add(position, fmt::format("the name '{}' is too long", *name),
                 fmt::format("at most {} characters", max_length));
  else if (std::find(reserved.begin(), reserved.end(), *name) != reserved.end())
    mistakes.add(position, fmt::format("the name '{}' is reserved", *name));
  return *name;
}

}  // namespace

bool is_interface_name(std::string_view text) {
  constexpr std::size_t longest = 15;  // IFNAMSIZ less the final zero
  return text.size() <= longest && text != "." && text != ".." && std::all_of(text.begin(), text.end(), [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
         });
}

std::string read_network_name(const TomlEntry* entry, Mistakes& mistakes) {
  return read_name(entry, max_network_name, {"hypervisor", "mgmt", "lo", "bridge0", "container"}, mistakes);
}

std::string read_node_name(const TomlEntry* entry, Mistakes& mistakes) {
  return read_name(entry, max_node_name, {"hypervisor"}, mistakes);
}

std::string read_flow_name(const TomlEntry* entry, Mistakes& mistakes) {
  return read_name(entry, max_flow_name, {"hypervisor"}, mistakes);
}

std::optional<std::string> read_file_name(const TomlEntry* entry, Mistakes& mistakes) {
  const auto name = read_text(entry, mistakes);
  if (!name) return std::nullopt;
  if (is_file_name(*name)) return name;
  mistakes.add(entry->value.position, fmt::format("'{}' is not a valid '{}'", *name, entry->key),
               fmt::format("letters, digits, '_', '.' and '-', at most {} characters", max_file_name));
  return std::nullopt;
}

}  // namespace offlab
