// Which offlab this is.
#pragma once

#include <string_view>

namespace offlab {

// "0.2.0+66b3abd1c2d3": the version and the commit it was built from, "-dirty" behind it when files were changed since;
// "0.2.0" when it was built without git.
std::string_view program_version();
// The day of that commit, "2026-11-30"; without git the day of the build, or of SOURCE_DATE_EPOCH.
std::string_view program_date();

}  // namespace offlab
