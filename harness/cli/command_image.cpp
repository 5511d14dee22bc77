#include <chrono>

#include <fmt/core.h>

#include "base/clean_format.h"
#include "base/deadline.h"
#include "cli/commands.h"
#include "process/stop_signals.h"
#include "session/image_build.h"
#include "session/image_recipes.h"
#include "session/paths.h"

namespace offlab {
int image_build_command(const std::string& name) {
  Terminal terminal;
  StopSignals signals({SIGINT, SIGTERM, SIGHUP});
  const auto begin = std::chrono::steady_clock::now();
  bool built = false;
  const ImageRecipe recipe = load_image_recipe(name);
  if (!recipe.remark.empty()) terminal.on(event::Note{recipe.remark});
  const GuestImage image = build_image(recipe, cache_folder(), terminal, signals.token(), built);
  terminal.text(clean_format("{} {}: kernel {}, {} packages, digest {} ({:.1f} s)\n", recipe.name,
                             built ? "built" : "is up to date", image.kernel_release, image.packages.size(),
                             image.digest.substr(0, 16), Seconds(std::chrono::steady_clock::now() - begin).count()));
  return 0;
}

}  // namespace offlab
