#include "session/prepared_host.h"

#include <algorithm>
#include <cstdlib>
#include <thread>

#include <fmt/core.h>
#include <sys/utsname.h>

#include "base/error.h"
#include "base/read_file.h"
#include "base/usage_error.h"
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

std::string secret_of(const std::string& file) {
  std::string text = read_whole_file(file);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

WorkerImage worker_image(const ImageRecipe& recipe, const GuestImage& image, const std::filesystem::path& cache) {
  const auto relative = [&](const std::filesystem::path& file) {
    return file.empty() ? std::string() : std::filesystem::relative(file, cache).string();
  };
  WorkerImage words{relative(image.kernel), relative(image.initrd), image.digest, relative(image.disk)};
  if (!recipe.disk) return words;
  const GuestLogin& login = recipe.disk->login;
  if (!login.key_file.empty())
    words.key = with_frame("key of " + recipe.file, [&] { return read_whole_file(login.key_file); });
  if (!login.password_file.empty())
    words.password = with_frame("password_file of " + recipe.file, [&] { return secret_of(login.password_file); });
  if (!login.password_variable.empty()) {
    const char* value = std::getenv(login.password_variable.c_str());
    if (value == nullptr)
      throw Error(fmt::format("{}: the environment has no variable {}", recipe.file, login.password_variable),
                  fmt::format("export {}=PASSWORD", login.password_variable));
    words.password = value;
  }
  return words;
}

// Whether KVM boots guests here is tried with a kernel of ours: a disk would take minutes.
GuestImage kernel_to_try(const std::map<std::string, GuestImage>& images, const std::filesystem::path& cache,
                         Observer& observer, const std::stop_token& stop) {
  for (const auto& [key, image] : images)
    if (image.disk.empty()) return image;
  return provide_image(load_image_recipe("debian-12"), cache, observer, stop);
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
  if (std::any_of(labs.begin(), labs.end(), [](const LabPlan& lab) { return is_existing(lab); }))
    throw UsageError("error: machines that exist are measured by `offlab run` and `offlab verify`\n");
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
    host.worker_images[key] = worker_image(recipe, image, cache);
  }
  host.accelerator =
      choose_accelerator(accelerator, kernel_to_try(images, cache, observer, stop), cache, folder, observer, stop);
  host.environment = describe_host(host.accelerator, images, recipes);
  for (const LabPlan& lab : labs)
    host.labs[lab.name] = describe_host(host.accelerator, images_of(lab, images), recipes);
  return host;
}

}  // namespace offlab
