// What a night is asked to do.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/history.h"
#include "model/quarantine.h"

namespace offlab {

struct NightCase {
  std::string id;
  bool experimental = false;
  bool operator==(const NightCase&) const = default;
};

struct NightPart {
  std::string name;
  std::string file_digest;
  std::vector<NightCase> cases;
  bool operator==(const NightPart&) const = default;
};

struct NightQuestion {
  NightEntry night = {};
  std::string host;   // its name
  std::string today;  // "2026-11-29"
  std::optional<double> deadline_seconds = {};
  std::vector<NightPart> parts = {};
  std::vector<QuarantineEntry> quarantine = {};
  bool operator==(const NightQuestion&) const = default;
};

}  // namespace offlab
