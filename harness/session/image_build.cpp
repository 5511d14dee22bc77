#include "session/image_build.h"

#include <fmt/core.h>

#include "base/error.h"
#include "executor/worker_stream.h"
#include "plan/deadlines.h"

namespace offlab {
GuestImage build_image(const ImageRecipe& recipe, const std::filesystem::path& cache, Observer& observer,
                       const std::stop_token& stop, bool& built) {
  built = false;
  WorkerStream worker(spawn_isolated({"worker", "--image", recipe.key, cache.string()}, Isolation::processes,
                                     cache / "image-build.log"),
                      stop);
  worker.greet();
  const Deadline deadline(fmt::format("the build of image '{}'", recipe.name), limits::image);
  bool finished = false;
  while (const auto message = worker.next(deadline)) {
    if (const auto* failed = std::get_if<message::Failed>(&*message)) throw Error(failed->reason, failed->remedy);
    if (const auto* event = std::get_if<Event>(&*message)) observer.on(*event);
    if (const auto* ready = std::get_if<message::ImageReady>(&*message)) {
      built = ready->built;
      finished = true;
    }
  }
  if (!finished)
    throw Error(fmt::format("the build of image '{}' died; see {}", recipe.name, (cache / "image-build.log").string()));
  const auto image = ImageStore(cache, [](const std::string&) {}).find(recipe);
  if (!image) throw Error(fmt::format("image '{}' was built but is not in the cache", recipe.name));
  return *image;
}

GuestImage provide_image(const ImageRecipe& recipe, const std::filesystem::path& cache, Observer& observer,
                         const std::stop_token& stop) {
  const ImageStore store(cache, [&](const std::string& line) { observer.on(event::Note{line}); });
  if (auto found = store.find(recipe)) return *found;
  bool built = false;
  return build_image(recipe, cache, observer, stop, built);
}

}  // namespace offlab
