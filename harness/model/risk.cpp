#include "model/risk.h"

#include <algorithm>

namespace offlab {

Risk worst(const std::vector<RiskRow>& rows) {
  Risk found = Risk::safe;
  for (const RiskRow& row : rows) found = std::max(found, row.risk);
  return found;
}

}  // namespace offlab
