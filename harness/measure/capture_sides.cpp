#include "measure/capture_sides.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

namespace offlab {
namespace {

// Two viewpoints have the same packets when this share of the smaller one's is in the other.
constexpr double same_share = 0.2;
// A mirror copies nearly all; a sender that sends again does not do it so soon and so often.
constexpr double copied_share = 0.3;
constexpr std::int64_t copy_ns = 50'000'000;

bool is_same_interface(const Viewpoint& a, const Viewpoint& b) {
  return a.interface == b.interface && a.link_index == b.link_index;
}

}  // namespace

// Looks at one direction of the judged connections.
class SideFinder {
 public:
  using Known = CaptureSides::Known;

  SideFinder(const Sightings& seen, const JudgedFlow& judged, bool is_forth) : is_forth_(is_forth) {
    std::vector<Sighting> own;
    std::map<std::uint16_t, std::uint16_t> places;  // viewpoints by their number among all
    for (const Sighting& one : seen.all()) {
      if (!judged.goes(one.flow, is_forth)) continue;
      own.push_back(one);
      const auto [place, is_new] = places.try_emplace(one.viewpoint, static_cast<std::uint16_t>(known_.size()));
      if (is_new) known_.push_back({seen.viewpoints()[one.viewpoint]});
      own.back().viewpoint = place->second;
    }
    shared_.assign(known_.size() * known_.size(), 0);
    earlier_.assign(known_.size() * known_.size(), 0);
    std::stable_sort(own.begin(), own.end(), [](const auto& a, const auto& b) { return a.identity < b.identity; });
    count(own);
    find_copies_elsewhere();
    find_sides_by_hops();
    if (!both_ && is_forth_) find_sides_of_bridge();
  }

  std::vector<Known>& known() { return known_; }
  bool both() const { return both_; }
  unsigned hops() const { return hops_; }

 private:
  std::uint32_t& shared(std::size_t a, std::size_t b) { return shared_[a * known_.size() + b]; }
  std::uint32_t& earlier(std::size_t a, std::size_t b) { return earlier_[a * known_.size() + b]; }

  bool are_same(std::size_t a, std::size_t b) {
    const std::uint32_t fewer = std::min(known_[a].packets, known_[b].packets);
    return shared(a, b) > 0 && shared(a, b) >= same_share * fewer;
  }

  void count(const std::vector<Sighting>& own) {
    std::vector<std::uint32_t> copied(known_.size(), 0);
    std::vector<std::uint32_t> copies(known_.size(), 0);
    for (std::size_t begin = 0; begin < own.size();) {
      std::size_t end = begin;
      std::map<std::uint16_t, std::pair<std::int64_t, std::uint32_t>> first;  // by viewpoint: when, how often
      for (; end < own.size() && own[end].identity == own[begin].identity; ++end) {
        const auto [at, is_new] = first.try_emplace(own[end].viewpoint, own[end].time_ns, 1);
        if (!is_new && own[end].time_ns - at->second.first < copy_ns) ++at->second.second;
      }
      for (const auto& [place, one] : first) {
        ++known_[place].packets;
        if (one.second > 1) ++copied[place];
        copies[place] += one.second;
        for (const auto& [other, two] : first) {
          if (other == place) continue;
          ++shared(place, other);
          if (one.first < two.first) ++earlier(place, other);
        }
      }
      begin = end;
    }
    for (std::size_t at = 0; at < known_.size(); ++at)
      if (copied[at] > 1 && copied[at] >= copied_share * known_[at].packets)
        known_[at].copies = std::max(2U, (copies[at] + known_[at].packets / 2) / known_[at].packets);
  }

  // The same packets with the same TTL in two places: the one that has more of them counts.
  void find_copies_elsewhere() {
    std::vector<std::size_t> order(known_.size());
    for (std::size_t at = 0; at < order.size(); ++at) order[at] = at;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return known_[a].packets > known_[b].packets; });
    for (std::size_t i = 0; i < order.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (known_[order[j]].side != Side::neither &&
            known_[order[i]].viewpoint.hop_limit == known_[order[j]].viewpoint.hop_limit &&
            are_same(order[i], order[j]))
          known_[order[i]].side = Side::neither;
  }

  // A packet loses a hop in each router: before the judged one is where no earlier place is in the capture.
  void find_sides_by_hops() {
    const auto is_before = [&](std::size_t a, std::size_t b) {
      const unsigned one = known_[a].viewpoint.hop_limit;
      const unsigned two = known_[b].viewpoint.hop_limit;
      return are_same(a, b) && one > two;
    };
    const auto rank = [&](std::size_t at) {  // how many routers of the capture it has passed
      std::set<unsigned> higher;
      for (std::size_t other = 0; other < known_.size(); ++other)
        if (is_before(other, at)) higher.insert(known_[other].viewpoint.hop_limit);
      return higher.size();
    };
    std::size_t last = 0;
    std::vector<std::size_t> ranks;
    for (std::size_t at = 0; at < known_.size(); ++at) {
      ranks.push_back(rank(at));
      last = std::max(last, ranks.back());
    }
    if (last == 0) return;
    both_ = true;
    for (std::size_t at = 0; at < known_.size(); ++at) {
      const bool follows = ranks[at] == (is_forth_ ? 1 : last);  // of the two around the router, the later one
      const bool leads = ranks[at] + 1 == (is_forth_ ? 1 : last);
      known_[at].matched = ranks[at] > 0;
      for (std::size_t other = 0; other < known_.size(); ++other)
        known_[at].matched = known_[at].matched || is_before(at, other);
      if (known_[at].side == Side::neither) continue;
      known_[at].side = follows ? (is_forth_ ? Side::behind : Side::before)
                        : leads ? (is_forth_ ? Side::before : Side::behind)
                                : Side::neither;
      if (!known_[at].matched) known_[at].side = Side::before;
    }
    for (std::size_t a = 0; a < known_.size(); ++a)
      for (std::size_t b = 0; b < known_.size(); ++b)
        if (is_before(a, b) && known_[a].side != Side::neither && known_[b].side != Side::neither &&
            known_[a].side != known_[b].side)
          hops_ = static_cast<unsigned>(known_[a].viewpoint.hop_limit - known_[b].viewpoint.hop_limit);
  }

  // The same TTL on two interfaces, on one of them always first: a bridge is between them.
  void find_sides_of_bridge() {
    constexpr double nearly_always = 0.8;
    for (std::size_t a = 0; a < known_.size(); ++a)
      for (std::size_t b = 0; b < known_.size(); ++b) {
        const Viewpoint& one = known_[a].viewpoint;
        const Viewpoint& two = known_[b].viewpoint;
        const bool opposite = one.way == Way::in && two.way == Way::out;
        if (a == b || is_same_interface(one, two) || !are_same(a, b) || one.hop_limit != two.hop_limit ||
            earlier(a, b) < nearly_always * shared(a, b) ||
            !(opposite || (one.way == Way::unknown && two.way == one.way)))
          continue;
        known_[a].side = Side::before;
        known_[b].side = Side::behind;
        known_[a].matched = known_[b].matched = both_ = true;
        return;
      }
  }

  bool is_forth_;
  std::vector<Known> known_;
  std::vector<std::uint32_t> shared_;   // packets seen in both
  std::vector<std::uint32_t> earlier_;  // of them, earlier in the first
  bool both_ = false;
  unsigned hops_ = 0;
};

CaptureSides::CaptureSides(const Sightings& seen, const JudgedFlow& judged) {
  SideFinder forth(seen, judged, true);
  SideFinder back(seen, judged, false);
  forth_ = forth.known();
  back_ = back.known();
  has_both_ = forth.both() || back.both();
  hops_ = std::max(forth.hops(), back.hops());
  // What comes back is seen on the interfaces on which the data is.
  if (forth.both() && !back.both())
    for (Known& one : back_)
      for (const Known& other : forth_)
        if (other.matched && other.side != Side::neither && is_same_interface(one.viewpoint, other.viewpoint) &&
            one.side != Side::neither)
          one.side = other.side;
  std::set<unsigned> before;
  std::set<unsigned> behind;
  for (const auto* direction : {&forth_, &back_})
    for (const Known& one : *direction) {
      copies_ = std::max(copies_, one.copies);
      has_neither_ = has_neither_ || one.side == Side::neither;
      if (direction == &forth_ && one.side != Side::neither)
        (one.side == Side::before ? before : behind).insert(one.viewpoint.hop_limit);
    }
  if (has_both_ && hops_ > 0)
    words_ =
        fmt::format("TTL {} before the router, {} behind it", fmt::join(before, " or "), fmt::join(behind, " or "));
  else if (has_both_)
    words_ = "the same TTL on two interfaces: a bridge";
}

Side CaptureSides::side_of(const Viewpoint& viewpoint, bool is_forth) const {
  const auto& known = is_forth ? forth_ : back_;
  const auto same =
      std::find_if(known.begin(), known.end(), [&](const Known& one) { return one.viewpoint == viewpoint; });
  if (same != known.end()) return same->side;
  if (!has_both_) return Side::before;
  const auto hops = std::find_if(known.begin(), known.end(), [&](const Known& one) {
    return one.viewpoint.hop_limit == viewpoint.hop_limit && one.side != Side::neither;
  });
  return hops == known.end() ? Side::before : hops->side;
}

}  // namespace offlab
