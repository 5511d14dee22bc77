// Image recipes, found by the names that nodes and the command line use.
#pragma once

#include <optional>
#include <string>

#include "model/image_recipe.h"

namespace offlab {

// "NAME", "NAME@RELEASE" for another kernel: guest-images/NAME.toml, as it is shipped; whatever the working folder has.
// With a '/': the path of a recipe, from the working folder ("./mine.toml", "./mine.toml@RELEASE"). With "#DIGEST"
// behind either: the image of that digest, which the cache has. Throws UsageError where there is none, or it has
// mistakes.
ImageRecipe load_image_recipe(const std::string& key);

// The disk of the recipe; nothing where it has none, or where no recipe of that name is shipped. Throws UsageError for
// a path that leads nowhere, and for mistakes.
std::optional<DiskImage> disk_of_image(const std::string& key);

}  // namespace offlab
