#include "campaign/confirm_change.h"

#include <algorithm>
#include <cmath>

#include "campaign/gate_answer.h"

namespace offlab {
namespace {

constexpr std::size_t most_nights = 50;

double deviation_of(const std::vector<double>& values) {
  double mean = 0;
  double squares = 0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

}  // namespace

ChangeConfirmation::ChangeConfirmation(const std::vector<double>& ratios, const ChangePoint& change) {
  for (std::size_t i = change.index; i > change.begin && before_.size() < most_nights; --i)
    before_.push_back(ratios[i - 1]);
  limits_.margin = -std::expm1(-std::abs(change.after - change.before));
  limits_.most_pairs = std::min(limits_.most_pairs, before_.size());
  if (before_.size() > 1) {
    const double deviation = deviation_of(before_) * std::sqrt(2.0);
    if (deviation > 0) limits_.pair_deviation = deviation;
  }
}

bool ChangeConfirmation::wants_more() const {
  return answer() == GateAnswer::undecided && asked_ < limits_.most_pairs;
}

void ChangeConfirmation::add(const CaseResult& result) {
  const double goodput = result.measured ? result.measured->goodput_bps.value_or(0) : 0;
  const double control = result.control ? result.control->goodput_bps.value_or(0) : 0;
  if (goodput > 0 && control > 0)
    add(std::log(goodput / control));
  else
    ++asked_;
}

void ChangeConfirmation::add(double ratio) {
  ++asked_;
  if (differences_.size() < before_.size()) differences_.push_back(ratio - before_[differences_.size()]);
}

GateAnswer ChangeConfirmation::answer() const {
  return differences_.empty() ? GateAnswer::undecided : compare(differences_, limits_).answer;
}

}  // namespace offlab
