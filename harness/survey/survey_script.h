// What a machine is asked, and how.
#pragma once

#include <string_view>

namespace offlab {

// For any POSIX shell, busybox's and FreeBSD's too, of a machine with Linux or FreeBSD. It reads and changes nothing.
// What is not there is left out.
// SurveyReader reads what it prints.
std::string_view survey_script();
// The line that it ends with.
inline constexpr std::string_view survey_end = "==> end <==";

}  // namespace offlab
