// A topology file and those that it extends as one file with one case: for whoever runs that case again elsewhere.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "model/setting.h"

namespace offlab {

struct ResolvedCase {
  std::string name;  // of the case, and of the file
  std::string summary;
  std::vector<SettingText> settings;
  std::string expect;           // a class
  double duration_seconds = 0;  // of a transfer
  double warmup_seconds = 0;
};

// `images`: what stands in the place of an image's name or path. Throws Error for files that are no topology file.
std::string resolved_file(const std::vector<SourceFile>& files, const ResolvedCase& one,
                          const std::map<std::string, std::string>& images);

}  // namespace offlab
