#include "lab/serial_log.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <vector>

#include <fmt/core.h>

#include "base/clean_text.h"

namespace offlab {
namespace {

constexpr std::size_t lines_shown = 3;
constexpr std::size_t longest_line = 200;
constexpr std::streamoff bytes_read = 65536;

// A console that never falls silent fills its log.
std::string end_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary | std::ios::ate);
  const auto size = static_cast<std::streamoff>(stream.tellg());
  if (size <= 0) return {};
  const std::streamoff begin = std::max<std::streamoff>(0, size - bytes_read);
  std::string text(static_cast<std::size_t>(size - begin), '\0');
  stream.seekg(begin);
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

}  // namespace

std::string panic_line(const std::string& serial_text) {
  const auto begin = serial_text.rfind("Kernel panic");
  return begin == std::string::npos ? "" : serial_text.substr(begin, serial_text.find_first_of("\r\n", begin) - begin);
}

std::string serial_tail(const std::filesystem::path& file) {
  const std::string text = clean_text(end_of(file));
  std::vector<std::string> lines;
  std::istringstream all(text);
  for (std::string line; std::getline(all, line);)
    if (line.find_first_not_of(" \t") != std::string::npos) lines.push_back(clean_line(line.substr(0, longest_line)));
  std::string tail;
  for (std::size_t i = lines.size() < lines_shown ? 0 : lines.size() - lines_shown; i < lines.size(); ++i)
    tail += fmt::format("{}'{}'", tail.empty() ? "" : " / ", lines[i]);
  const std::string panic = panic_line(text);
  if (!panic.empty() && tail.find(panic) == std::string::npos) tail = fmt::format("'{}' ... {}", panic, tail);
  return tail.empty() ? "(nothing)" : tail;
}

}  // namespace offlab
