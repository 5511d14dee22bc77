#include "plan/covering_rows.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>

#include "plan/covering_tuples.h"

namespace offlab {
namespace {

constexpr unsigned tries_of_a_row = 30;
constexpr unsigned steps_between_changes = 7;  // before the same value of the same row is changed again
constexpr unsigned random_step_of = 400;       // one step of so many takes a row at random
// Looked-up tuples and rows of the whole search.
constexpr std::uint64_t most_effort = 10'000'000;
constexpr std::uint64_t effort_for_a_tuple = 30'000;

// The same numbers on every machine, which the standard's distributions do not promise (SplitMix64, Steele et al.,
// "Fast splittable pseudorandom number generators", OOPSLA 2014).
class RandomNumbers {
 public:
  std::uint32_t below(std::size_t limit) {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
    mixed ^= mixed >> 31U;
    return static_cast<std::uint32_t>(((mixed >> 32U) * limit) >> 32U);
  }

 private:
  std::uint64_t state_ = 1;
};

// Which tuples are missing, with one of them at random in constant time.
class Missing {
 public:
  explicit Missing(std::uint32_t count) : place_(count, absent) {}

  void add(std::uint32_t tuple) {
    place_[tuple] = static_cast<std::uint32_t>(tuples_.size());
    tuples_.push_back(tuple);
  }
  void remove(std::uint32_t tuple) {
    const std::uint32_t place = place_[tuple];
    tuples_[place] = tuples_.back();
    place_[tuples_[place]] = place;
    tuples_.pop_back();
    place_[tuple] = absent;
  }
  bool has(std::uint32_t tuple) const { return place_[tuple] != absent; }
  const std::vector<std::uint32_t>& tuples() const { return tuples_; }

 private:
  static constexpr std::uint32_t absent = ~0U;
  std::vector<std::uint32_t> tuples_;
  std::vector<std::uint32_t> place_;
};

class CoveringArray {
 public:
  explicit CoveringArray(const CoveringNeed& need)
      : sizes_(need.sizes),
        kept_(need.kept.size()),
        tuples_(need),
        times_(tuples_.count(), 0),
        missing_(tuples_.count()),
        open_(sizes_.size()),
        limit_(std::min(most_effort, effort_for_a_tuple * tuples_.count())) {
    for (std::size_t dimension = 0; dimension < sizes_.size(); ++dimension)
      open_[dimension].assign(sizes_[dimension], 0);
    for (const Interaction& interaction : tuples_.all()) {
      std::size_t needed = 0;
      for (std::uint32_t tuple = interaction.first; tuple < interaction.first + interaction.tuples; ++tuple)
        if (possible(tuple)) {
          missing_.add(tuple);
          count_open(tuple, +1);
          ++needed;
        } else {
          times_[tuple] = 1;  // never missed
        }
      fewest_ = std::max(fewest_, needed);
    }
    for (const CoveringRow& row : need.kept) add(row);
  }

  void fill() {
    while (!missing_.tuples().empty()) add(best_of_several());
  }

  // Until no row can be spared, or the effort is spent.
  void reduce() {
    while (rows_.size() > std::max(kept_, fewest_) && effort_ < limit_) {
      const Backup before{rows_, times_, missing_};
      remove(least_needed());
      if (!repair()) {
        rows_ = before.rows;
        times_ = before.times;
        missing_ = before.missing;
        return;
      }
    }
  }

  std::vector<CoveringRow> take() { return std::move(rows_); }

 private:
  struct Backup {
    std::vector<CoveringRow> rows;
    std::vector<std::uint32_t> times;
    Missing missing;
  };

  struct Change {
    std::size_t row;
    std::size_t dimension;
    unsigned value;
    int worse_by;  // tuples that are missing after it and were not before, less those that no longer are
  };

  bool possible(std::uint32_t tuple) const {
    if (!tuples_.is_restricted()) return true;
    CoveringRow row(sizes_.size(), no_value);
    const TupleValues values = tuples_.values_of(tuple);
    for (unsigned i = 0; i < values.size; ++i) row[values.dimensions[i]] = values.values[i];
    return tuples_.completable(row);
  }

  void count_open(std::uint32_t tuple, int step) {
    const TupleValues values = tuples_.values_of(tuple);
    for (unsigned i = 0; i < values.size; ++i) open_[values.dimensions[i]][values.values[i]] += step;
  }

  void cover(std::uint32_t tuple) {
    if (times_[tuple]++ == 0) missing_.remove(tuple);
  }
  void uncover(std::uint32_t tuple) {
    if (--times_[tuple] == 0) missing_.add(tuple);
  }

  void add(const CoveringRow& row) {
    for (const Interaction& interaction : tuples_.all()) {
      const std::uint32_t tuple = tuple_of(interaction, row);
      if (times_[tuple] == 0) count_open(tuple, -1);
      cover(tuple);
    }
    rows_.push_back(row);
  }

  void remove(std::size_t number) {
    for (const Interaction& interaction : tuples_.all()) uncover(tuple_of(interaction, rows_[number]));
    rows_.erase(rows_.begin() + static_cast<std::ptrdiff_t>(number));
  }

  CoveringRow best_of_several() {
    CoveringRow best;
    int most = -1;
    for (unsigned attempt = 0; attempt < tries_of_a_row; ++attempt) {
      int covered = 0;
      CoveringRow row = try_row(covered);
      if (covered > most) {
        most = covered;
        best = std::move(row);
      }
    }
    return most > 0 ? best : row_with_a_missing_tuple();
  }

  // Begins with the value that most missing tuples have, then takes the dimensions in any order, each with the value
  // that covers most together with those that are there.
  CoveringRow try_row(int& covered) {
    CoveringRow row(sizes_.size(), no_value);
    std::vector<std::size_t> order(sizes_.size());
    std::iota(order.begin(), order.end(), 0);
    for (std::size_t left = order.size(); left > 1; --left) std::swap(order[left - 1], order[random_.below(left)]);
    const auto busiest = [&](std::size_t dimension) {
      return *std::max_element(open_[dimension].begin(), open_[dimension].end());
    };
    std::iter_swap(order.begin(), std::max_element(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
                     return busiest(a) < busiest(b);
                   }));
    for (const std::size_t dimension : order) covered += choose(row, dimension);
    return row;
  }

  int choose(CoveringRow& row, std::size_t dimension) {
    const bool first = std::all_of(row.begin(), row.end(), [](unsigned value) { return value == no_value; });
    int most = -1;
    unsigned equals = 0;
    unsigned chosen = no_value;
    for (unsigned value = 0; value < sizes_[dimension]; ++value) {
      row[dimension] = value;
      if (tuples_.is_restricted() && !tuples_.completable(row)) continue;
      const int gain = first ? open_[dimension][value] : newly_covered(row, dimension);
      if (gain > most) equals = 0;
      if (gain >= most && random_.below(++equals) == 0) chosen = value;
      most = std::max(most, gain);
    }
    row[dimension] = chosen;
    return first && sizes_.size() > 1 ? 0 : most;
  }

  int newly_covered(const CoveringRow& row, std::size_t dimension) const {
    int covered = 0;
    for (const Interaction& interaction : tuples_.of(dimension)) {
      bool whole = true;
      for (unsigned i = 0; i < interaction.size; ++i) whole = whole && row[interaction.dimensions[i]] != no_value;
      if (whole && times_[tuple_of(interaction, row)] == 0) ++covered;
    }
    return covered;
  }

  // Where no try covered anything: greedy values stood in the way of what is left.
  CoveringRow row_with_a_missing_tuple() {
    CoveringRow row(sizes_.size(), no_value);
    set(row, tuples_.values_of(missing_.tuples().front()));
    for (std::size_t dimension = 0; dimension < sizes_.size(); ++dimension)
      if (row[dimension] == no_value) choose(row, dimension);
    return row;
  }

  static void set(CoveringRow& row, const TupleValues& values) {
    for (unsigned i = 0; i < values.size; ++i) row[values.dimensions[i]] = values.values[i];
  }

  std::size_t least_needed() {
    std::size_t least = kept_;
    std::uint32_t fewest = ~0U;
    for (std::size_t number = kept_; number < rows_.size(); ++number) {
      std::uint32_t alone = 0;
      for (const Interaction& interaction : tuples_.all())
        if (times_[tuple_of(interaction, rows_[number])] == 1) ++alone;
      if (alone < fewest) {
        fewest = alone;
        least = number;
      }
    }
    effort_ += tuples_.all().size() * rows_.size();
    return least;
  }

  // Brings the missing tuples into the rows that are left. False when the effort is spent.
  bool repair() {
    changed_.assign(rows_.size() * sizes_.size(), 0);
    for (step_ = steps_between_changes + 1; !missing_.tuples().empty(); ++step_) {
      if (effort_ > limit_ || rows_.size() == kept_) return false;
      const std::uint32_t tuple = missing_.tuples()[random_.below(missing_.tuples().size())];
      const TupleValues wanted = tuples_.values_of(tuple);
      const auto best = random_.below(random_step_of) == 0 ? std::nullopt : best_change(wanted);
      if (best)
        apply(*best);
      else
        put_into_any_row(wanted);
    }
    return true;
  }

  // Among the rows that lack one value of the tuple.
  std::optional<Change> best_change(const TupleValues& wanted) {
    std::optional<Change> best;
    unsigned equals = 0;
    effort_ += rows_.size();
    for (std::size_t number = kept_; number < rows_.size(); ++number) {
      const auto change = change_of(number, wanted);
      if (!change) continue;
      if (!best || change->worse_by < best->worse_by) equals = 0;
      if ((!best || change->worse_by <= best->worse_by) && random_.below(++equals) == 0) best = change;
    }
    return best;
  }

  std::optional<Change> change_of(std::size_t number, const TupleValues& wanted) {
    CoveringRow& row = rows_[number];
    std::optional<unsigned> lacks;
    for (unsigned i = 0; i < wanted.size; ++i) {
      if (row[wanted.dimensions[i]] == wanted.values[i]) continue;
      if (lacks) return std::nullopt;
      lacks = i;
    }
    const std::size_t dimension = wanted.dimensions[*lacks];
    if (changed_[number * sizes_.size() + dimension] + steps_between_changes > step_) return std::nullopt;
    Change change{number, dimension, wanted.values[*lacks], 0};
    const unsigned value = row[dimension];
    for (const Interaction& interaction : tuples_.of(dimension)) {
      const std::uint32_t lost = tuple_of(interaction, row);
      row[dimension] = change.value;
      const std::uint32_t won = tuple_of(interaction, row);
      row[dimension] = value;
      change.worse_by += static_cast<int>(times_[lost] == 1) - static_cast<int>(times_[won] == 0);
    }
    effort_ += tuples_.of(dimension).size();
    if (!tuples_.is_restricted()) return change;
    row[dimension] = change.value;
    const bool allowed = tuples_.completable(row);
    row[dimension] = value;
    return allowed ? std::optional(change) : std::nullopt;
  }

  void apply(const Change& change) {
    CoveringRow& row = rows_[change.row];
    for (const Interaction& interaction : tuples_.of(change.dimension)) uncover(tuple_of(interaction, row));
    row[change.dimension] = change.value;
    for (const Interaction& interaction : tuples_.of(change.dimension)) cover(tuple_of(interaction, row));
    changed_[change.row * sizes_.size() + change.dimension] = step_;
    effort_ += tuples_.of(change.dimension).size();
  }

  void put_into_any_row(const TupleValues& wanted) {
    const std::size_t number = kept_ + random_.below(rows_.size() - kept_);
    CoveringRow changed = rows_[number];
    set(changed, wanted);
    effort_ += wanted.size;
    if (!tuples_.completable(changed)) return;
    for (unsigned i = 0; i < wanted.size; ++i) apply({number, wanted.dimensions[i], wanted.values[i], 0});
  }

  std::vector<unsigned> sizes_;
  std::size_t kept_;        // the first rows; they stay
  std::size_t fewest_ = 0;  // rows that there must be: each holds one tuple of an interaction
  CoveringTuples tuples_;
  std::vector<std::uint32_t> times_;  // in how many rows a tuple is
  Missing missing_;
  std::vector<std::vector<int>> open_;  // missing tuples with this value of this dimension, while rows are made
  std::vector<CoveringRow> rows_;
  RandomNumbers random_;
  std::uint64_t effort_ = 0;
  std::uint64_t limit_;                 // of the effort
  std::vector<std::uint64_t> changed_;  // the step in which a row's value was changed
  std::uint64_t step_ = 0;
};

}  // namespace

std::vector<CoveringRow> covering_rows(const CoveringNeed& need) {
  if (need.sizes.empty()) return {};
  CoveringArray array(need);
  array.fill();
  array.reduce();
  return array.take();
}

}  // namespace offlab
