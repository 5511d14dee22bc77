#include "setting/image_name.h"

#include <algorithm>

#include "base/digest.h"
#include "base/file_name.h"
#include "setting/values.h"

namespace offlab {
namespace {

constexpr std::size_t max_path = 1000;
constexpr std::string_view ending = ".toml";

bool is_recipe_path(std::string_view path) {
  const bool ends_well = path.size() > ending.size() && path.substr(path.size() - ending.size()) == ending;
  return ends_well && path.size() <= max_path && std::none_of(path.begin(), path.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
         });
}

// Where the recipe's name ends. A folder may have an '@' or a '#' in its name.
std::size_t end_of_recipe(std::string_view text) {
  if (text.find('/') == std::string_view::npos) return std::min(text.find_first_of("@#"), text.size());
  for (const std::string_view mark : {".toml#", ".toml@"}) {
    const std::size_t more = text.rfind(mark);
    if (more != std::string_view::npos && text.find('/', more) == std::string_view::npos) return more + ending.size();
  }
  return text.size();
}

bool is_digest(std::string_view text) {
  return text.size() >= 16 && text.size() <= 64 && is_hex(text);
}

}  // namespace

std::optional<ImageName> parse_image_name(std::string_view text) {
  const std::size_t end = end_of_recipe(text);
  ImageName name{std::string(text.substr(0, end)), {}};
  if (name.is_path() ? !is_recipe_path(name.recipe) : !is_file_name(name.recipe)) return std::nullopt;
  std::string_view more = text.substr(end);
  if (!more.empty() && more.front() == '#') {
    name.digest = more.substr(1, more.find('@') - 1);
    if (!is_digest(name.digest)) return std::nullopt;
    more.remove_prefix(1 + name.digest.size());
  }
  if (more.empty()) return name;
  name.kernel = more.substr(1);
  return is_kernel_release(name.kernel) ? std::optional(std::move(name)) : std::nullopt;
}

}  // namespace offlab
