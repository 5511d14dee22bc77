// Which of the settings that a bad case makes are the cause: what to ask next, and what follows from the answers.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/bisect_report.h"

namespace offlab {

using SettingSet = std::uint32_t;  // a bit for each setting, the first one lowest

inline constexpr std::size_t max_searched_settings = 20;

struct SearchAnswer {
  SettingSet settings = 0;
  bool shows = false;
  bool operator==(const SearchAnswer&) const = default;
};

// Sets of up to three settings are hypotheses: the fault shows where all of a set's settings are made. Each answer may
// be turned over with the case's flake rate, and changes how likely each hypothesis is (Bayes). What is asked next is
// what tells most: the set whose answer is nearest to even. Once one hypothesis is likely, it is proven: asked itself,
// and without each of its settings, until the answers are two ahead each. A proof that fails changes the odds like any
// other answer, and the search goes on.
class CulpritSearch {
 public:
  // `suspicion`: how likely each setting is to be the cause, relative to the others. `flake_rate`: how often an answer
  // is wrong. `most_questions`: at most so many.
  CulpritSearch(std::vector<double> suspicion, double flake_rate, std::size_t most_questions);

  // The set to ask for; nothing at the end.
  std::optional<SettingSet> next() const;
  void answer(SettingSet settings, bool shows);

  std::optional<SearchEnd> end() const { return end_; }
  SettingSet most_likely() const;
  double likelihood() const;  // of the most likely one, 0..1
  const std::vector<SearchAnswer>& answers() const { return answers_; }

 private:
  // Answers for it less answers against it.
  int lead(SettingSet settings, bool shows) const;
  std::optional<SettingSet> unproven(SettingSet hypothesis) const;
  SettingSet most_telling() const;
  void conclude();

  std::size_t count_;
  double wrong_;  // the flake rate, never quite 0: an answer that cannot be wrong would rule out the truth for good
  std::size_t most_questions_;
  std::vector<SettingSet> hypotheses_;
  std::vector<double> weights_;  // of the hypotheses; they add up to 1
  std::vector<SettingSet> questions_;
  std::vector<SearchAnswer> answers_;
  std::optional<SearchEnd> end_;
};

}  // namespace offlab
