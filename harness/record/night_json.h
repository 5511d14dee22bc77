// A night on disk: what was asked, and what was answered.
#pragma once

#include <string>
#include <string_view>

#include "model/night_question.h"
#include "model/night_report.h"

namespace offlab {

struct NightBegin {
  NightQuestion question;  // without the quarantine file, which is kept beside it
  std::string campaign_file;
  std::string history;
  std::string accelerator = "auto";
  std::string hosts = {};  // a file of lab hosts; empty: this host
  std::vector<std::string> tags = {};
};

std::string night_begin_json(const NightBegin& begin);
// Throws Error for a text that is none.
NightBegin night_begin_from_json(const std::string& text);

// Schema offlab.night/1.
std::string night_json(const NightReport& report);
// Of the cases' results what night.json has of them. Throws Error for a text that is none.
NightReport night_from_json(std::string_view text);

}  // namespace offlab
