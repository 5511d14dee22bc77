#include "campaign/change_points.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include "base/distributions.h"

namespace offlab {
namespace {

struct Split {
  std::size_t index = 0;
  double divergence = 0;
};

// Sums of distances between the figures of one window, so that the divergence of any split of any part of it is a few
// additions.
class Window {
 public:
  explicit Window(std::span<const double> figures) : size_(figures.size()), sums_(size_ * (size_ + 1)) {
    for (std::size_t column = 0; column < size_; ++column)
      for (std::size_t row = 0; row < size_; ++row)
        sum(column, row + 1) = sum(column, row) + std::abs(figures[column] - figures[row]);
  }

  // The split of [begin, end) that tells most; of equals the first one. At least two figures.
  Split best_split(std::size_t begin, std::size_t end) const {
    Split best{begin + 1, -1};
    double within_left = 0;  // over all pairs of [begin, middle)
    for (std::size_t middle = begin + 1; middle < end; ++middle) {
      within_left += distances(middle - 1, begin, middle - 1);
      double within_right = 0;  // of [middle, stop)
      double across = 0;
      for (std::size_t stop = middle + 1; stop <= end; ++stop) {
        within_right += distances(stop - 1, middle, stop - 1);
        across += distances(stop - 1, begin, middle);
        const double found = divergence(across, within_left, within_right, static_cast<double>(middle - begin),
                                        static_cast<double>(stop - middle));
        if (found > best.divergence) best = {middle, found};
      }
    }
    return best;
  }

 private:
  double& sum(std::size_t column, std::size_t rows) { return sums_[column * (size_ + 1) + rows]; }
  // From one figure to those of [begin, end).
  double distances(std::size_t from, std::size_t begin, std::size_t end) const {
    return sums_[from * (size_ + 1) + end] - sums_[from * (size_ + 1) + begin];
  }

  // `left`, `right`: how many figures there are on each side.
  static double divergence(double across, double within_left, double within_right, double left, double right) {
    double value = 2 / (left + right) * across;
    if (left > 1) value -= 2 * right / (left + right) / (left - 1) * within_left;
    if (right > 1) value -= 2 * left / (left + right) / (right - 1) * within_right;
    return value;
  }

  std::size_t size_;
  std::vector<double> sums_;
};

struct Level {
  double mean = 0;
  double variance = 0;  // divided by the number of figures, as the reference does
  double size = 0;
};

Level level_of(std::span<const double> figures) {
  Level level;
  level.size = static_cast<double>(figures.size());
  for (const double figure : figures) level.mean += figure / level.size;
  for (const double figure : figures) level.variance += (figure - level.mean) * (figure - level.mean) / level.size;
  return level;
}

double p_value_of(const Level& left, const Level& right) {
  const double freedom = left.size + right.size - 2;
  if (freedom <= 0) return 1;  // two figures say nothing of how far apart figures are
  const double pooled = ((left.size - 1) * left.variance + (right.size - 1) * right.variance) / freedom;
  if (pooled == 0) return left.mean == right.mean ? 1 : 0;
  const double t = (left.mean - right.mean) / std::sqrt(pooled * (1 / left.size + 1 / right.size));
  return student_t_two_sided(t, freedom);
}

ChangePoint compared(std::span<const double> series, std::size_t begin, std::size_t index, std::size_t end) {
  const Level left = level_of(series.subspan(begin, index - begin));
  const Level right = level_of(series.subspan(index, end - index));
  return {index, begin, left.mean, right.mean, p_value_of(left, right)};
}

// Splits `figures` until no part can be split so that it is certain.
std::vector<std::size_t> splits_of(std::span<const double> figures, double p_value) {
  const Window window(figures);
  std::vector<std::size_t> borders = {0, figures.size()};
  for (;;) {
    std::optional<Split> best;
    std::size_t part = 0;  // in which it is
    for (std::size_t i = 0; i + 1 < borders.size(); ++i) {
      if (borders[i + 1] - borders[i] < 2) continue;
      const Split one = window.best_split(borders[i], borders[i + 1]);
      if (best && one.divergence <= best->divergence) continue;
      best = one;
      part = i;
    }
    if (!best || compared(figures, borders[part], best->index, borders[part + 1]).p_value > p_value) break;
    borders.insert(borders.begin() + static_cast<std::ptrdiff_t>(part) + 1, best->index);
  }
  return {borders.begin() + 1, borders.end() - 1};
}

std::vector<std::size_t> weak_splits(std::span<const double> series, std::size_t window, double p_value) {
  std::vector<std::size_t> found;
  for (std::size_t start = 0; start < series.size();) {
    const std::size_t size = std::min(window, series.size() - start);
    std::size_t last = 0;
    for (const std::size_t split : splits_of(series.subspan(start, size), p_value)) {
      last = start + split;
      if (std::find(found.begin(), found.end(), last) == found.end()) found.push_back(last);
    }
    start = std::max(last, start + window / 2);
  }
  std::sort(found.begin(), found.end());
  return found;
}

double change_of(const ChangePoint& point, Magnitude magnitude) {
  if (magnitude == Magnitude::difference) return std::abs(point.after - point.before);
  const double forward = point.before == 0 ? 0 : point.after / point.before - 1;
  const double backward = point.after == 0 ? 0 : point.before / point.after - 1;
  return std::max(std::abs(forward), std::abs(backward));
}

double first_pass(double p_value) {
  if (p_value < 0.05) return p_value * 10;
  return p_value < 0.5 ? p_value * 2 : p_value;
}

// The change that holds least; nothing when all hold.
std::optional<std::size_t> weakest(const std::vector<ChangePoint>& points, const ChangePointLimits& limits) {
  if (points.empty()) return std::nullopt;
  const auto least_certain = std::max_element(
      points.begin(), points.end(), [](const ChangePoint& a, const ChangePoint& b) { return a.p_value < b.p_value; });
  if (least_certain->p_value >= limits.p_value) return least_certain - points.begin();
  const auto least = std::min_element(points.begin(), points.end(), [&](const ChangePoint& a, const ChangePoint& b) {
    return change_of(a, limits.magnitude) < change_of(b, limits.magnitude);
  });
  if (change_of(*least, limits.magnitude) > limits.least_change) return std::nullopt;
  return least - points.begin();
}

}  // namespace

std::vector<ChangePoint> change_points(const std::vector<double>& series, const ChangePointLimits& limits) {
  const std::vector<std::size_t> splits = weak_splits(series, limits.window, first_pass(limits.p_value));
  std::vector<ChangePoint> points;
  // Between the changes on either side of it, as they stand.
  const auto compare = [&](std::size_t i, std::size_t index) {
    return compared(series, i == 0 ? 0 : points[i - 1].index, index,
                    i + 1 < points.size() ? points[i + 1].index : series.size());
  };
  for (const std::size_t split : splits) points.push_back({.index = split});
  for (std::size_t i = 0; i < points.size(); ++i) points[i] = compare(i, points[i].index);
  while (const auto gone = weakest(points, limits)) {
    points.erase(points.begin() + static_cast<std::ptrdiff_t>(*gone));
    // Those beside it have other levels now. The reference looks at the two that follow.
    for (std::size_t i = *gone; i < points.size() && i < *gone + 2; ++i) points[i] = compare(i, points[i].index);
  }
  return points;
}

}  // namespace offlab
