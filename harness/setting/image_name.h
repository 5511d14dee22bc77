// How nodes and the command line name a guest image.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace offlab {

// "debian-12" or "debian-12@6.1.0-47-amd64": shipped. "./mine.toml" or "./mine.toml@6.1.0-47-amd64", with a '/': the
// path of a recipe. With "#27a0882ddefeb5e5" behind the recipe: what was built of it then, by its digest.
struct ImageName {
  std::string recipe;
  std::string kernel;       // release; empty: the recipe's own
  std::string digest = {};  // its first 16 hexadecimal digits, or more; empty: what the recipe makes today
  bool is_path() const { return recipe.find('/') != std::string::npos; }
  // What a node's `image` is: all but the kernel.
  std::string without_kernel() const { return digest.empty() ? recipe : recipe + "#" + digest; }
  bool operator==(const ImageName&) const = default;
};

// Nothing where it is neither.
std::optional<ImageName> parse_image_name(std::string_view text);

inline constexpr const char* image_name_hint =
    "a shipped image (debian-12), or the path of a recipe, with '/' and '.toml' (./guest-images/mine.toml); behind "
    "either of them, the digest of one that is in the cache (#27a0882ddefeb5e5), and a kernel's release "
    "(@6.1.0-47-amd64)";

}  // namespace offlab
