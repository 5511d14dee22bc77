#include "measure/sections.h"

#include <optional>
#include <sstream>

namespace offlab {
namespace {

std::optional<std::string> section_name(const std::string& line) {
  constexpr std::size_t frame = 4;  // "==> " and " <=="
  if (line.size() < 2 * frame || line.compare(0, frame, "==> ") != 0) return std::nullopt;
  if (line.compare(line.size() - frame, frame, " <==") != 0) return std::nullopt;
  return line.substr(frame, line.size() - 2 * frame);
}

}  // namespace

std::map<std::string, std::string> parse_sections(const std::string& text) {
  std::map<std::string, std::string> sections;
  std::string name;
  std::string content;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (const auto next = section_name(line)) {
      if (!name.empty()) sections[name] = std::move(content);
      name = *next;
      content.clear();
    } else {
      content += line + "\n";
    }
  }
  return sections;
}

NodeSections sections_of(const Snapshot& snapshot) {
  NodeSections nodes;
  for (const auto& [node, text] : snapshot.nodes) nodes[node] = parse_sections(text);
  return nodes;
}

}  // namespace offlab
