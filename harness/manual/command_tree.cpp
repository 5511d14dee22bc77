#include "manual/command_tree.h"

#include <algorithm>

#include <fmt/ranges.h>

namespace offlab {

std::string words_of(const Command& command) {
  return fmt::format("{}", fmt::join(command.path, " "));
}

std::vector<const Command*> with_all_below(const Command& command) {
  std::vector<const Command*> all = {&command};
  for (const Command& below : command.commands)
    for (const Command* one : with_all_below(below)) all.push_back(one);
  return all;
}

const Command* command_named(const Command& parent, const std::string& name) {
  const auto found = std::find_if(parent.commands.begin(), parent.commands.end(),
                                  [&](const Command& one) { return one.path.back() == name; });
  return found == parent.commands.end() ? nullptr : &*found;
}

}  // namespace offlab
