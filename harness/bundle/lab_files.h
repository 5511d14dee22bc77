// topology.toml of a bundle and, where plain QEMU can run it, reproduce.sh and what that needs.
#pragma once

#include <map>
#include <set>
#include <string>

#include "bundle/bundle_folder.h"
#include "bundle/explanation.h"
#include "plan/plan.h"

namespace offlab {

class LabFiles {
 public:
  // `facts`: of the image; the reason is put there when plain QEMU cannot run the lab. `packages`: of the image, and
  // their versions.
  LabFiles(BundleFolder& folder, BundleFacts& facts, const std::map<std::string, std::string>& packages)
      : folder_(folder), facts_(facts), packages_(packages) {}

  // `recipes`: of images that the file names by a path of the bundle, by that path. Throws Error.
  void write(const std::string& topology, const std::map<std::string, std::string>& recipes);

 private:
  void write_image(const NodePlan& node, const std::map<std::string, std::string>& recipes);

  BundleFolder& folder_;
  BundleFacts& facts_;
  const std::map<std::string, std::string>& packages_;
  std::set<std::string> written_;
};

}  // namespace offlab
