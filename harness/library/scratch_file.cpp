#include "library/scratch_file.h"

#include <cstdlib>
#include <fstream>

#include <fmt/core.h>

#include "library/offlab_program.h"

namespace offlab::library {

namespace fs = std::filesystem;

ScratchFile::ScratchFile() {
  std::error_code error;
  std::string pattern = fs::temp_directory_path(error) / "offlab-XXXXXX";
  if (error || mkdtemp(pattern.data()) == nullptr)
    throw Failure(fmt::format("a temporary folder cannot be made: {}", pattern), error_status);
  folder_ = pattern;
}

ScratchFile::~ScratchFile() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void ScratchFile::write(const Topology& topology) {
  const std::string fresh = name() + ".new";
  std::ofstream(fresh) << topology.toml();
  std::error_code error;
  fs::rename(fresh, name(), error);
  if (error) throw Failure(fmt::format("{} cannot be written: {}", name(), error.message()), error_status);
}

}  // namespace offlab::library
