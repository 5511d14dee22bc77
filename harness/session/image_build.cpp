#include "session/image_build.h"

#include <fmt/core.h>

#include "base/error.h"
#include "executor/worker_stream.h"

namespace offlab {
namespace {

using std::chrono::seconds;

constexpr auto build_limit = seconds(600);

}  // namespace

GuestImage build_image(const ImageRecipe& recipe, const std::filesystem::path& cache, Observer& observer,
                       const std::stop_token& stop, bool& built) {
  built = false;
  WorkerStream worker(spawn_isolated({"worker", "--image", recipe.name, cache.string()}, Isolation::processes,
                                     cache / "image-build.log"),
                      stop);
  const Deadline deadline(fmt::format("the build of image '{}'", recipe.name), build_limit);
  bool finished = false;
  while (const auto event = worker.next(deadline)) {
    if (const auto* failed = std::get_if<event::LabFailed>(&*event)) throw Error(failed->reason, failed->remedy);
    if (const auto* stage = std::get_if<event::LabStage>(&*event)) {
      built = stage->detail == image_was_built;
      finished = true;
    } else {
      observer.on(*event);
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
  if (auto found = ImageStore(cache, [](const std::string&) {}).find(recipe)) return *found;
  bool built = false;
  return build_image(recipe, cache, observer, stop, built);
}

}  // namespace offlab
