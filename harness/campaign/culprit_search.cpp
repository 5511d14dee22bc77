#include "campaign/culprit_search.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "campaign/flakes.h"

namespace offlab {
namespace {

constexpr double prior_of_one = 0.8;
constexpr double prior_of_two = 0.17;
constexpr double prior_of_three = 0.03;
constexpr double likely = 0.75;                // then a hypothesis is proven instead of searched for
constexpr std::size_t all_subsets_up_to = 10;  // settings; of more only some subsets are asked for

bool contains(SettingSet set, SettingSet part) {
  return (set & part) == part;
}

SettingSet only(std::size_t setting) {
  return SettingSet{1} << setting;
}

// Every subset of few settings; of many the beginnings and ends of the list, and runs of every second, fourth, ...
std::vector<SettingSet> subsets(std::size_t count) {
  std::vector<SettingSet> all;
  const SettingSet full = only(count) - 1;
  if (count <= all_subsets_up_to) {
    for (SettingSet set = 0; set <= full; ++set) all.push_back(set);
    return all;
  }
  std::uint64_t state = 1;
  for (std::size_t i = 0; i < 2000; ++i) {  // a linear congruential generator: the same sets on every machine
    state = state * 6364136223846793005U + 1442695040888963407U;
    all.push_back(static_cast<SettingSet>(state >> 40U) & full);
  }
  for (std::size_t i = 0; i <= count; ++i) {
    all.push_back(only(i) - 1);
    all.push_back(full & ~(only(i) - 1));
  }
  return all;
}

}  // namespace

CulpritSearch::CulpritSearch(std::vector<double> suspicion, double flake_rate, std::size_t most_questions)
    : count_(suspicion.size()),
      wrong_(assumed_flake_rate(flake_rate)),
      most_questions_(most_questions),
      questions_(subsets(suspicion.size())) {
  const double all = std::accumulate(suspicion.begin(), suspicion.end(), 0.0);
  for (double& one : suspicion) one = all > 0 ? one / all : 1.0 / static_cast<double>(count_);
  std::vector<double> of_size(3, 0);
  std::vector<unsigned> sizes;
  const auto add = [&](SettingSet set, double weight, unsigned size) {
    hypotheses_.push_back(set);
    weights_.push_back(weight);
    sizes.push_back(size);
    of_size[size - 1] += weight;
  };
  for (std::size_t a = 0; a < count_; ++a) {
    add(only(a), suspicion[a], 1);
    for (std::size_t b = a + 1; b < count_; ++b) {
      add(only(a) | only(b), suspicion[a] * suspicion[b], 2);
      for (std::size_t c = b + 1; c < count_; ++c)
        add(only(a) | only(b) | only(c), suspicion[a] * suspicion[b] * suspicion[c], 3);
    }
  }
  const double priors[] = {prior_of_one, prior_of_two, prior_of_three};
  double sum = 0;
  for (std::size_t i = 0; i < hypotheses_.size(); ++i) {
    weights_[i] *= priors[sizes[i] - 1] / of_size[sizes[i] - 1];
    sum += weights_[i];
  }
  for (double& weight : weights_) weight /= sum;
}

std::optional<SettingSet> CulpritSearch::next() const {
  if (end_) return std::nullopt;
  if (likelihood() >= likely)
    if (const auto question = unproven(most_likely())) return question;
  return most_telling();
}

void CulpritSearch::answer(SettingSet settings, bool shows) {
  answers_.push_back({settings, shows});
  double sum = 0;
  for (std::size_t i = 0; i < hypotheses_.size(); ++i) {
    weights_[i] *= contains(settings, hypotheses_[i]) == shows ? 1 - wrong_ : wrong_;
    sum += weights_[i];
  }
  for (double& weight : weights_) weight /= sum;
  conclude();
}

SettingSet CulpritSearch::most_likely() const {
  const auto best = std::max_element(weights_.begin(), weights_.end());
  return best == weights_.end() ? 0 : hypotheses_[static_cast<std::size_t>(best - weights_.begin())];
}

double CulpritSearch::likelihood() const {
  return weights_.empty() ? 0 : *std::max_element(weights_.begin(), weights_.end());
}

int CulpritSearch::lead(SettingSet settings, bool shows) const {
  int lead = 0;
  for (const SearchAnswer& one : answers_)
    if (one.settings == settings) lead += one.shows == shows ? 1 : -1;
  return lead;
}

std::optional<SettingSet> CulpritSearch::unproven(SettingSet hypothesis) const {
  if (lead(hypothesis, true) < wanted_lead) return hypothesis;
  for (std::size_t setting = 0; setting < count_; ++setting)
    if (const SettingSet without = hypothesis & ~only(setting);
        without != hypothesis && lead(without, false) < wanted_lead)
      return without;
  return std::nullopt;
}

SettingSet CulpritSearch::most_telling() const {
  SettingSet best = questions_.front();
  double nearest = 1;
  for (const SettingSet question : questions_) {
    double shows = 0;
    for (std::size_t i = 0; i < hypotheses_.size(); ++i)
      if (contains(question, hypotheses_[i])) shows += weights_[i];
    if (const double distance = std::abs(shows - 0.5); distance < nearest) {
      nearest = distance;
      best = question;
    }
  }
  return best;
}

void CulpritSearch::conclude() {
  const auto wrong = static_cast<std::size_t>(std::count_if(answers_.begin(), answers_.end(), [&](const auto& one) {
    return contains(one.settings, most_likely()) != one.shows;
  }));
  if (chance_of_flakes(answers_.size(), wrong, wrong_) < incredible)
    end_ = SearchEnd::not_monotone;
  else if (likelihood() >= likely && !unproven(most_likely()))
    end_ = SearchEnd::proven;
  else if (answers_.size() >= most_questions_)
    end_ = SearchEnd::no_more_tries;
}

}  // namespace offlab
