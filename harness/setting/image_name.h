// How nodes and the command line name a guest image.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace offlab {

// "debian-12" or "debian-12@6.1.0-47-amd64": shipped. "./mine.toml" or "./mine.toml@6.1.0-47-amd64", with a '/': the
// path of a recipe.
struct ImageName {
  std::string recipe;
  std::string kernel;  // release; empty: the recipe's own
  bool is_path() const { return recipe.find('/') != std::string::npos; }
  bool operator==(const ImageName&) const = default;
};

// Nothing where it is neither.
std::optional<ImageName> parse_image_name(std::string_view text);

inline constexpr const char* image_name_hint =
    "a shipped image (debian-12), or the path of a recipe, with '/' and '.toml' (./guest-images/mine.toml); behind "
    "either of them, a kernel's release (@6.1.0-47-amd64)";

}  // namespace offlab
