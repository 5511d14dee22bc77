#include "report/diagnosis_text.h"

#include <fmt/core.h>

namespace offlab {

std::string describe(const Diagnosis& diagnosis) {
  std::string text = fmt::format("    what     {}\n", diagnosis.what);
  if (!diagnosis.counters.empty()) text += fmt::format("    counters {}\n", diagnosis.counters);
  for (const Remedy& remedy : diagnosis.remedies)
    text += fmt::format("    fix      {}: {}\n", remedy.where, remedy.action);
  if (!diagnosis.cost.empty()) text += fmt::format("    cost     {}\n", diagnosis.cost);
  return text;
}

}  // namespace offlab
