#include "campaign/case_history.h"

#include <algorithm>
#include <cmath>

namespace offlab {
namespace {

constexpr unsigned fewest_attempts = 20;

// Of single values, by the differences of neighbours.
double deviation_of_neighbours(const std::vector<double>& values) {
  double squares = 0;
  for (std::size_t i = 1; i < values.size(); ++i) squares += std::pow(values[i] - values[i - 1], 2);
  return std::sqrt(squares / (2 * static_cast<double>(values.size() - 1)));
}

const HistoryRow* newest_row(const std::vector<HistoryRow>& rows, const std::string& host, const std::string& case_id,
                             const std::string& file_digest) {
  const HistoryRow* newest = nullptr;
  for (const HistoryRow& row : rows) {
    if (!row.last || row.host.name != host || row.case_id != case_id) continue;
    if (newest == nullptr || row.file_digest == file_digest || newest->file_digest != file_digest) newest = &row;
  }
  return newest;
}

}  // namespace

CaseHistory history_of_case(const std::vector<HistoryRow>& rows, const std::string& host, const std::string& case_id,
                            const std::string& file_digest) {
  const HistoryRow* newest = newest_row(rows, host, case_id, file_digest);
  if (newest == nullptr) return {};
  const FlakeRate flakes = flake_rate(rows, newest->host, newest->part, case_id);
  CaseHistory known{.attempts = flakes.attempts};
  if (flakes.attempts >= fewest_attempts) known.flake_rate = (flakes.flakes + 0.5) / (flakes.attempts + 1.0);
  for (const Series& series : series_of(rows)) {
    if (series.host != newest->host || series.part != newest->part || series.case_id != case_id) continue;
    if (series.ratios.size() < fewest_nights) continue;
    if (const double deviation = deviation_of_neighbours(series.ratios); deviation > 0)
      known.pair_deviation = deviation;
  }
  return known;
}

}  // namespace offlab
