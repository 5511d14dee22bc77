#include "campaign/watch.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace offlab {
namespace {

constexpr std::size_t nights_looked_at = 100;
constexpr std::size_t nights_behind = 3;
constexpr std::size_t most_nights_behind = 30;
constexpr double large_change = 0.2;
constexpr std::size_t attempts_looked_at = 200;

// What is found only when it is long past is next to always nothing.
bool counts(const ChangePoint& change, std::size_t nights) {
  const std::size_t behind = nights - change.index;
  if (behind > most_nights_behind) return false;
  return behind >= nights_behind || std::abs(std::expm1(change.after - change.before)) > large_change;
}

}  // namespace

std::vector<Series> series_of(const std::vector<HistoryRow>& rows) {
  std::vector<Series> all;
  std::map<std::tuple<HistoryHost, std::string, std::string>, std::size_t> places;
  for (const HistoryRow& row : rows) {
    const auto ratio = log_ratio(row);
    if (!row.last || !ratio) continue;
    const auto [place, fresh] = places.try_emplace({row.host, row.part, row.case_id}, all.size());
    if (fresh) all.push_back({row.host, row.part, row.case_id, {}, {}});
    all[place->second].nights.push_back(row.night);
    all[place->second].ratios.push_back(*ratio);
  }
  return all;
}

std::vector<ChangePoint> alarming_changes(const std::vector<double>& ratios) {
  if (ratios.size() < fewest_nights) return {};
  const std::size_t skipped = ratios.size() - std::min(ratios.size(), nights_looked_at);
  const std::vector<double> recent(ratios.begin() + static_cast<std::ptrdiff_t>(skipped), ratios.end());
  std::vector<ChangePoint> alarms;
  for (ChangePoint change : change_points(recent, {})) {
    if (!counts(change, recent.size())) continue;
    change.index += skipped;
    change.begin += skipped;
    alarms.push_back(change);
  }
  return alarms;
}

FlakeRate flake_rate(const std::vector<HistoryRow>& rows, const HistoryHost& host, const std::string& part,
                     const std::string& case_id) {
  std::vector<const HistoryRow*> attempts;
  for (const HistoryRow& row : rows)
    if (row.host == host && row.part == part && row.case_id == case_id && row.fault_class) attempts.push_back(&row);
  if (attempts.size() > attempts_looked_at)
    attempts.erase(attempts.begin(), attempts.end() - static_cast<std::ptrdiff_t>(attempts_looked_at));
  using Inputs = std::tuple<std::string, std::string, std::string, std::string>;
  std::map<Inputs, std::map<FaultClass, unsigned>> seen;
  for (const HistoryRow* row : attempts)
    ++seen[{row->case_digest, row->file_digest, row->image, row->offlab}][*row->fault_class];
  FlakeRate rate;
  for (const auto& [inputs, classes] : seen) {
    unsigned all = 0;
    unsigned most = 0;
    for (const auto& [fault_class, times] : classes) {
      all += times;
      most = std::max(most, times);
    }
    rate.attempts += all;
    rate.flakes += all - most;
  }
  rate.rate = jeffreys_interval(rate.flakes, rate.attempts);
  return rate;
}

}  // namespace offlab
