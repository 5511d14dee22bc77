// An image recipe (guest-images/*.toml).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "model/image_recipe.h"

namespace offlab {

struct ParsedRecipe {
  std::optional<ImageRecipe> recipe;  // only when there are no diagnostics
  Diagnostics diagnostics;            // ordered by position
};

// `file` is the name that diagnostics carry; it is not opened.
ParsedRecipe parse_image_recipe(std::string_view text, const std::string& file);

}  // namespace offlab
