#include "campaign/version_search.h"

#include <algorithm>
#include <numeric>

#include "campaign/flakes.h"

namespace offlab {
namespace {

constexpr double likely = 0.75;  // then a version is proven instead of searched for

}  // namespace

VersionSearch::VersionSearch(std::size_t versions, double flake_rate, std::size_t most_questions)
    : weights_(versions, 1.0 / static_cast<double>(versions - 1)),
      wrong_(assumed_flake_rate(flake_rate)),
      most_questions_(most_questions) {
  weights_.front() = 0;
}

std::optional<std::size_t> VersionSearch::next() const {
  if (end_) return std::nullopt;
  if (likelihood() >= likely)
    if (const auto question = unproven()) return question;
  double before = 0;
  for (std::size_t version = 0; version < weights_.size(); ++version) {
    before += weights_[version];  // the version is bad when the first bad one is not behind it
    if (before >= 0.5) {
      const bool nearer = version > 1 && before - 0.5 > 0.5 - (before - weights_[version]);
      return nearer ? version - 1 : version;
    }
  }
  return weights_.size() - 1;
}

void VersionSearch::answer(std::size_t version, bool shows) {
  answers_.push_back({version, shows});
  for (std::size_t first = 0; first < weights_.size(); ++first)
    weights_[first] *= (version >= first) == shows ? 1 - wrong_ : wrong_;
  const double sum = std::accumulate(weights_.begin(), weights_.end(), 0.0);
  for (double& weight : weights_) weight /= sum;
  const auto wrong = static_cast<std::size_t>(std::count_if(answers_.begin(), answers_.end(), [&](const Answer& one) {
    return (one.version >= most_likely()) != one.shows;
  }));
  if (chance_of_flakes(answers_.size(), wrong, wrong_) < incredible)
    end_ = SearchEnd::not_monotone;
  else if (likelihood() >= likely && !unproven())
    end_ = SearchEnd::proven;
  else if (answers_.size() >= most_questions_)
    end_ = SearchEnd::no_more_tries;
}

std::size_t VersionSearch::most_likely() const {
  return static_cast<std::size_t>(std::max_element(weights_.begin(), weights_.end()) - weights_.begin());
}

double VersionSearch::likelihood() const {
  return *std::max_element(weights_.begin(), weights_.end());
}

int VersionSearch::lead(std::size_t version, bool shows) const {
  int lead = 0;
  for (const Answer& one : answers_)
    if (one.version == version) lead += one.shows == shows ? 1 : -1;
  return lead;
}

std::optional<std::size_t> VersionSearch::unproven() const {
  const std::size_t first = most_likely();
  if (lead(first, true) < wanted_lead) return first;
  if (lead(first - 1, false) < wanted_lead) return first - 1;
  return std::nullopt;
}

}  // namespace offlab
