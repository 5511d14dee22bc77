// What a lab needs before it can start: guest images and an accelerator; and the account of both for the run folder.
#pragma once

#include <filesystem>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "cache/image_store.h"
#include "model/image_recipe.h"
#include "plan/plan.h"
#include "port/observer.h"
#include "record/run_folder.h"
#include "record/worker_request.h"

namespace offlab {

using ImageRecipes = std::map<std::string, ImageRecipe>;

// The recipes of every image that the labs' nodes boot. Throws UsageError for one that does not exist.
ImageRecipes recipes_of(const std::vector<LabPlan>& labs);

// The account of this host and of the images, each under its recipe's key. Where there are several, what is said of one
// is told by its name: "debian-12.digest".
Environment describe_host(Accelerator accelerator, const std::map<std::string, GuestImage>& images,
                          const ImageRecipes& recipes);

struct PreparedHost {
  std::map<std::string, WorkerImage> worker_images;
  Accelerator accelerator = Accelerator::tcg;
  Environment environment;                       // of all labs
  std::map<std::string, Environment> labs = {};  // of each, by name
};

// Provides the images, building those that are missing, or those of these digests (own_labs.h), and chooses the
// accelerator. `folder` is for logs.
PreparedHost prepare_host(const std::vector<LabPlan>& labs, const ImageRecipes& recipes,
                          const std::filesystem::path& cache, const std::filesystem::path& folder,
                          const std::string& accelerator, const std::string& image_digests, Observer& observer,
                          const std::stop_token& stop);

}  // namespace offlab
