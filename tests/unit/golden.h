// Comparison with a file in tests/golden. OFFLAB_UPDATE_GOLDEN=1 writes the file anew and skips the test: what was just
// written proves nothing.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "folders.h"

namespace offlab {

inline void expect_golden(const std::string& name, const std::string& text) {
  const std::filesystem::path file = std::filesystem::path(tests_folder()) / "golden" / name;
  if (std::getenv("OFFLAB_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(file, std::ios::binary) << text;
    GTEST_SKIP() << "wrote " << file;
  }
  std::ifstream stream(file, std::ios::binary);
  ASSERT_TRUE(stream) << file << " cannot be read; OFFLAB_UPDATE_GOLDEN=1 makes it";
  std::ostringstream golden;
  golden << stream.rdbuf();
  EXPECT_EQ(text, golden.str()) << "differs from " << file;
}

}  // namespace offlab
