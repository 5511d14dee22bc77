// The parts of report.html that are the same in each: made at build time from page/ and Debian's Chart.js.
#pragma once

#include <string_view>

namespace offlab::page {

extern const std::string_view html;    // with @NAME@ where the others go
extern const std::string_view style;   // CSS
extern const std::string_view script;  // JavaScript
extern const std::string_view chart;   // Chart.js, https://www.chartjs.org, MIT licence

}  // namespace offlab::page
