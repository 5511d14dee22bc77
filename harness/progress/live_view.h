// What a terminal shows while a run is under way.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "progress/run_progress.h"

namespace offlab {

struct ViewSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
  bool unicode = true;
};

// Lines of fewer than `columns` columns, fewer than `rows` of them: labs that start or run, with their nodes, their
// stage or case, the rates through their routers, then the time that is left. Clean (base/clean_text.h), without any
// escape sequence. None where nothing runs.
std::vector<std::string> live_view(const RunProgress& progress, double now, const ViewSize& size);

// "24 s", "2 min 05 s".
std::string duration_text(double seconds);

}  // namespace offlab
