// A bundle: the smallest folder that shows a fault to somebody else.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "bundle/explanation.h"
#include "runner/analyze_captures.h"

namespace offlab {

struct BundleOptions {
  std::string out;  // a new folder, or FILE.tar.zst; empty: NAME.bundle in the working folder
  bool anonymise = false;
  std::string mapping = {};  // a file for the mapping; empty: beside the bundle
};

struct MadeBundle {
  std::filesystem::path place;
  std::filesystem::path mapping = {};  // empty: nothing was anonymised
  BundleFacts facts;
  std::size_t files = 0;
  std::uint64_t bytes = 0;  // of all files, unpacked
};

// Of a case of a run; `case_id` empty: the first one that shows a fault. Throws UsageError for a run that has no such
// case, and Error. Nothing is left behind when it fails.
MadeBundle bundle_of_run(const std::filesystem::path& run, const std::string& case_id, const BundleOptions& options);

// Of captures that were made elsewhere.
MadeBundle bundle_of_captures(const ForeignEvidence& evidence, const AssumedRouter& router,
                              const BundleOptions& options);

}  // namespace offlab
