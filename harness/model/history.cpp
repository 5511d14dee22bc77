#include "model/history.h"

#include <cmath>

namespace offlab {

std::optional<double> log_ratio(const HistoryRow& row) {
  if (row.goodput_bps.value_or(0) <= 0 || row.control_bps.value_or(0) <= 0) return std::nullopt;
  return std::log(*row.goodput_bps / *row.control_bps);
}

}  // namespace offlab
