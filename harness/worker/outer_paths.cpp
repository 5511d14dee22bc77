#include "worker/outer_paths.h"

#include "base/json.h"

namespace offlab {
namespace {

std::string in_json(const std::filesystem::path& path) {
  using nlohmann::json;
  const std::string quoted = json(path.string()).dump(-1, ' ', false, json::error_handler_t::replace);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

void OuterPaths::name(const std::filesystem::path& inner, const std::filesystem::path& outer) {
  names_.emplace_back(in_json(inner), in_json(outer));
}

std::string OuterPaths::in(std::string line) const {
  for (const auto& [inner, outer] : names_)
    for (auto at = line.find(inner); at != std::string::npos; at = line.find(inner, at + outer.size()))
      line.replace(at, inner.size(), outer);
  return line;
}

}  // namespace offlab
