// The topology file that the program is given, in a temporary folder of its own.
#pragma once

#include <filesystem>
#include <string>

#include <offlab/topology.h>

namespace offlab::library {

class ScratchFile {
 public:
  // Throws Failure.
  ScratchFile();
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  ~ScratchFile();

  // Throws Failure.
  void write(const Topology& topology);
  std::string name() const { return folder_ / "topology.toml"; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

}  // namespace offlab::library
