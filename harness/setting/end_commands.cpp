#include "setting/end_commands.h"

#include <fmt/core.h>

#include "base/shell_words.h"

namespace offlab {

std::string end_namespace(const Node& node) {
  return node.container ? container_namespace : "";
}

std::string in_namespace(const std::string& name, const std::string& command) {
  return name.empty() ? command : fmt::format("ip netns exec {} sh -c {}", name, shell_quoted(command));
}

}  // namespace offlab
