#include "report/diagnosis_text.h"

#include "base/clean_format.h"

namespace offlab {

std::string describe(const Diagnosis& diagnosis) {
  std::string text = clean_format("    what     {}\n", diagnosis.what);
  if (!diagnosis.counters.empty()) text += clean_format("    counters {}\n", diagnosis.counters);
  for (const Remedy& remedy : diagnosis.remedies)
    text += clean_format("    fix      {}: {}\n", remedy.where, remedy.action);
  if (!diagnosis.cost.empty()) text += clean_format("    cost     {}\n", diagnosis.cost);
  return text;
}

}  // namespace offlab
