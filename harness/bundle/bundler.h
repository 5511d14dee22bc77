// Puts a bundle together, whatever it is about.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "bundle/bundle_folder.h"
#include "bundle/capture_slice.h"
#include "bundle/expected.h"
#include "bundle/imitation.h"
#include "bundle/make_bundle.h"

namespace offlab {

struct BundledEvidence {
  CaptureAnswer whole;     // what all of them show; where they are anonymised, what `bundled` shows
  JudgedCaptures bundled;  // the part that is in the bundle, as it is there
};

class Bundler {
 public:
  // `name`: of the bundle. Throws UsageError when its place, or that of the mapping, is taken.
  Bundler(const std::string& name, const BundleOptions& options);

  BundleFacts& facts() { return made_.facts; }
  BundleFolder& folder() { return folder_; }

  // The part of the captures that matters. Sets the facts that are about it.
  BundledEvidence add_captures(const ForeignEvidence& evidence, const AssumedRouter& router, const CaptureNames& names);

  // `recipes`, `packages`: see LabFiles.
  void add_lab(const std::string& topology, const std::map<std::string, std::string>& recipes,
               const std::map<std::string, std::string>& packages);
  // A lab that imitates the router, where there is one for its class.
  void imitate(const SeenRouter& router);

  MadeBundle finish(Expected expected, const std::map<std::string, std::string>& packages);

 private:
  void add_capture(const CaptureSlice& slice, std::size_t side, const std::filesystem::path& file);

  std::filesystem::path place_;
  BundleFolder folder_;
  MadeBundle made_;
  std::string mapping_;
};

}  // namespace offlab
