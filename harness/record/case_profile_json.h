// A case's profile as JSON (offlab.profile/1), and back.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "model/case_profile.h"

namespace offlab {

std::string case_profile_json(const CaseProfile& profile);
// Throws Error for a text that is none, or is larger than a profile can be.
CaseProfile case_profile_from_json(std::string_view text);

}  // namespace offlab
