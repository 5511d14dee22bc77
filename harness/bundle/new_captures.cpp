#include "bundle/new_captures.h"

#include <cstdlib>

#include <fmt/core.h>

#include "base/error.h"
#include "base/folder_below.h"

namespace offlab {

namespace fs = std::filesystem;

NewCaptures::NewCaptures(const fs::path& folder) : folder_(folder) {
  make_folders(folder);
  std::string scratch = (folder / ".captures-XXXXXX").string();
  if (mkdtemp(scratch.data()) == nullptr) throw system_error(fmt::format("making a folder in {}", folder.string()));
  scratch_ = scratch;
}

NewCaptures::~NewCaptures() {
  std::error_code ignored;
  fs::remove_all(scratch_, ignored);
}

void NewCaptures::take_their_places(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    std::error_code error;
    fs::rename(scratch_ / name, folder_ / name, error);
    if (error) throw Error(fmt::format("moving {} to {}: {}", name, folder_.string(), error.message()));
  }
}

}  // namespace offlab
