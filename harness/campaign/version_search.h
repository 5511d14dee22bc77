// The first bad one of a list of versions: kernels, images.
#pragma once

#include <optional>
#include <vector>

#include "model/bisect_report.h"

namespace offlab {

// The first version is good and the last one bad. Each answer may be turned over with the case's flake rate, and
// changes how likely it is for each version to be the first bad one (Bayes). What is asked next is the version at which
// both answers are as likely. Once one is likely, it is proven: it shows the fault and the one before it does not,
// until the answers are two ahead each.
class VersionSearch {
 public:
  // At least two versions.
  VersionSearch(std::size_t versions, double flake_rate, std::size_t most_questions);

  std::optional<std::size_t> next() const;  // the version to ask for; nothing at the end
  void answer(std::size_t version, bool shows);

  std::optional<SearchEnd> end() const { return end_; }
  std::size_t most_likely() const;  // the first bad version
  double likelihood() const;

 private:
  struct Answer {
    std::size_t version;
    bool shows;
  };

  int lead(std::size_t version, bool shows) const;
  std::optional<std::size_t> unproven() const;

  std::vector<double> weights_;  // of each version to be the first bad one; that of the first is 0
  double wrong_;
  std::size_t most_questions_;
  std::vector<Answer> answers_;
  std::optional<SearchEnd> end_;
};

}  // namespace offlab
