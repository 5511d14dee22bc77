// What the program reads and writes beside its command line.
#pragma once

#include <span>
#include <string_view>

namespace offlab {

struct ManualEntry {
  std::string_view name;
  std::string_view description;
};

std::span<const ManualEntry> manual_files();
std::span<const ManualEntry> manual_environment();

}  // namespace offlab
