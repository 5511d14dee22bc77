// Guest images, built in a process of their own: killed with us, whatever mmdebstrap has started.
#pragma once

#include <filesystem>
#include <string>

#include "cache/image_store.h"
#include "port/observer.h"

namespace offlab {

// Asks the registry and builds the image, unless one of the same packages is in the cache. `built` tells which it was.
GuestImage build_image(const ImageRecipe& recipe, const std::filesystem::path& cache, Observer& observer,
                       const std::stop_token& stop, bool& built);

// The image of the recipe: from the cache without asking anybody, or built.
GuestImage provide_image(const ImageRecipe& recipe, const std::filesystem::path& cache, Observer& observer,
                         const std::stop_token& stop);

}  // namespace offlab
