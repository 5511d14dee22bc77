#include "lab/end_shell.h"

#include <algorithm>

#include "setting/end_commands.h"

namespace offlab {

void EndShell::await(const std::string& node, const Deadline& deadline, const std::stop_token& stop) {
  nodes_.await(node, deadline, stop);
}

void EndShell::connect(const std::string& node, const Deadline& deadline, const std::stop_token& stop) {
  nodes_.connect(node, deadline, stop);
}

CommandEnd EndShell::stream(const std::string& node, const std::string& command, const OutputSink& sink,
                            const Deadline& deadline, const std::stop_token& stop, const std::stop_token& enough) {
  const auto found =
      std::find_if(lab_.nodes.begin(), lab_.nodes.end(), [&](const NodePlan& one) { return one.name == node; });
  const std::string netns = found == lab_.nodes.end() ? "" : found->netns;
  return nodes_.stream(node, in_namespace(netns, command), sink, deadline, stop, enough);
}

}  // namespace offlab
