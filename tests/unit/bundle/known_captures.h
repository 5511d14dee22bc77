// The captures of tests/data, as somebody would give them to `offlab analyze`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runner/analyze_captures.h"

namespace offlab {

struct KnownCapture {
  std::string name;
  ForeignEvidence evidence;
};

// Pairs (NAME-wan and NAME-lan, before and behind, router-wan and router-lan) of a folder and those below it, and each
// capture alone.
std::vector<KnownCapture> captures_below(const std::filesystem::path& folder);

// Those of tests/data that can be judged at all.
const std::vector<KnownCapture>& known_captures();

}  // namespace offlab
