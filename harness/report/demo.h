// The demonstration: broken and fixed side by side, the frames that show it, and what happened in words.
#pragma once

#include <string>

#include "model/verdict.h"

namespace offlab {

struct DemoReport {
  bool shown = false;  // the fault was there, and the fix cured it
  std::string text;
};

DemoReport demo_report(const CaseResult& broken, const CaseResult& fixed);

}  // namespace offlab
