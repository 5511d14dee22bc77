// Inside a lab's mount namespace, folders have other names: in what a worker says they get those that the user knows.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace offlab {

class OuterPaths {
 public:
  // Of two that begin alike, the longer one is named first.
  void name(const std::filesystem::path& inner, const std::filesystem::path& outer);
  // The same line of JSON, with the outer names in its strings.
  std::string in(std::string line) const;

 private:
  std::vector<std::pair<std::string, std::string>> names_;  // as JSON strings, without the quotes
};

}  // namespace offlab
