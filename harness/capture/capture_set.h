// The captures of one side of a router.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "capture/capture_file.h"

namespace offlab {

class CaptureSet {
 public:
  explicit CaptureSet(const std::vector<std::filesystem::path>& files) : files_(files) {}
  std::unique_ptr<FrameSource> open() const;
  std::string name() const { return files_.at(0).string(); }
  const std::vector<std::filesystem::path>& files() const { return files_; }
  std::string cut_off() const { return *cut_off_; }

 private:
  std::vector<std::filesystem::path> files_;
  std::shared_ptr<std::string> cut_off_ = std::make_shared<std::string>();
};

}  // namespace offlab
