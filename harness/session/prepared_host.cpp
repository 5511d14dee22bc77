#include "session/prepared_host.h"

#include <thread>

#include <sys/utsname.h>

#include "base/version.h"
#include "session/accelerator.h"
#include "session/image_build.h"
#include "session/image_recipes.h"
#include "session/paths.h"

namespace offlab {
namespace {

std::map<std::string, GuestImage> images_of(const LabPlan& lab, const std::map<std::string, GuestImage>& all) {
  std::map<std::string, GuestImage> images;
  for (const NodePlan& node : lab.nodes) images.insert(*all.find(image_key(node)));
  return images;
}

}  // namespace

Environment describe_host(Accelerator accelerator, const std::map<std::string, GuestImage>& images,
                          const ImageRecipes& recipes) {
  utsname host{};
  uname(&host);
  Environment environment;
  environment.host = {{"accel", accelerator == Accelerator::kvm ? "kvm" : "tcg"},
                      {"cpus", std::to_string(std::thread::hardware_concurrency())},
                      {"kernel", host.release},
                      {"offlab", std::string(program_version())}};
  for (const auto& [key, image] : images) {
    const ImageRecipe& recipe = recipes.at(key);
    const std::string called = recipe.digest.empty() ? recipe.name : recipe.name + "#" + recipe.digest;
    const std::string prefix = images.size() == 1 ? "" : called + ".";
    environment.image[prefix + "name"] = recipe.name;
    environment.image[prefix + "recipe"] = recipe.file;
    environment.image[prefix + "digest"] = image.digest;
    environment.image[prefix + "kernel"] = image.kernel_release;
    for (const auto& [package, version] : image.packages) environment.packages[prefix + package] = version;
  }
  environment.started = utc_now();
  return environment;
}

ImageRecipes recipes_of(const std::vector<LabPlan>& labs) {
  ImageRecipes recipes;
  for (const LabPlan& lab : labs)
    for (const NodePlan& node : lab.nodes)
      if (const std::string key = image_key(node); recipes.count(key) == 0)
        recipes.emplace(key, load_image_recipe(key));
  return recipes;
}

PreparedHost prepare_host(const std::vector<LabPlan>& labs, const ImageRecipes& recipes,
                          const std::filesystem::path& cache, const std::filesystem::path& folder,
                          const std::string& accelerator, const std::string& image_digests, Observer& observer,
                          const std::stop_token& stop) {
  PreparedHost host;
  std::map<std::string, GuestImage> images;
  for (const auto& [key, recipe] : recipes) {
    if (!recipe.remark.empty()) observer.on(event::Note{recipe.remark});
    const std::string& digests = recipe.digest.empty() ? image_digests : recipe.digest;
    const GuestImage image = digests.empty() ? provide_image(recipe, cache, observer, stop)
                                             : ImageStore(cache, [](const std::string&) {}).pinned(recipe, digests);
    images.emplace(key, image);
    host.worker_images[key] = {std::filesystem::relative(image.kernel, cache),
                               std::filesystem::relative(image.initrd, cache), image.digest};
  }
  host.accelerator = choose_accelerator(accelerator, images.begin()->second, cache, folder, observer, stop);
  host.environment = describe_host(host.accelerator, images, recipes);
  for (const LabPlan& lab : labs)
    host.labs[lab.name] = describe_host(host.accelerator, images_of(lab, images), recipes);
  return host;
}

}  // namespace offlab
