#include "survey/forwarding_paths.h"

#include <algorithm>
#include <map>
#include <set>

namespace offlab {
namespace {

constexpr unsigned deepest = 8;  // VLANs on bonds, and so on

// Nothing is forwarded to them; FreeBSD's are copies of packets for who listens.
bool leads_nowhere(const SurveyedLink& link) {
  for (const char* kind : {"loopback", "enc", "ipfw", "pflog", "pfsync", "usbus"})
    if (link.kind == kind) return true;
  return link.name == "lo";
}

std::vector<const SurveyedLink*> ports_of(const MachineSurvey& survey, const SurveyedLink& master) {
  std::vector<const SurveyedLink*> ports;
  for (const SurveyedLink& link : survey.links)
    if (link.master == master.name && link.up != false) ports.push_back(&link);
  return ports;
}

bool is_bridge(const SurveyedLink& link) {
  return link.kind == "bridge";
}

// A tunnel's packets are not those that the NIC below it merges.
bool is_on_its_lower(const SurveyedLink& link) {
  return link.kind == "vlan" || link.kind == "macvlan" || link.kind == "ipvlan" || link.kind == "bond" ||
         link.kind == "team" || link.kind == "lagg" || is_bridge(link);
}

bool is_nic(const SurveyedLink& link) {
  return !link.driver.empty() || (link.kind.empty() && !leads_nowhere(link));
}

// `ip link` without -d does not say what a link is; one that others are below is no NIC.
bool is_above_others(const MachineSurvey& survey, const SurveyedLink& link) {
  if (!link.kind.empty() || !link.driver.empty()) return false;
  return !ports_of(survey, link).empty() ||
         std::any_of(link.lower.begin(), link.lower.end(),
                     [&](const std::string& lower) { return find_link(survey, lower) != nullptr; });
}

void add_nics(const MachineSurvey& survey, const SurveyedLink& link, std::set<const SurveyedLink*>& nics,
              unsigned depth = 0) {
  if (depth > deepest) return;
  if (is_on_its_lower(link) || is_above_others(survey, link)) {
    for (const std::string& lower : link.lower)
      if (const SurveyedLink* below = find_link(survey, lower)) add_nics(survey, *below, nics, depth + 1);
    for (const SurveyedLink* port : ports_of(survey, link)) add_nics(survey, *port, nics, depth + 1);
  } else if (is_nic(link)) {
    nics.insert(&link);
  }
}

class Finder {
 public:
  explicit Finder(const MachineSurvey& survey) : survey_(survey) {}

  ForwardingPaths find() {
    find_routing();
    find_bridging();
    ForwardingPaths paths{.forwards = forwards_};
    for (const SurveyedLink& link : survey_.links)
      if (const auto found = ways_.find(&link); found != ways_.end())
        paths.nics.push_back({&link, {found->second.begin(), found->second.end()}});
    return paths;
  }

 private:
  // Ports and lower links are what packets cross on their way to the link above.
  static bool has_addresses_of_its_own(const SurveyedLink& link) {
    return !leads_nowhere(link) && link.master.empty() && link.up != false;
  }

  void find_routing() {
    bool any_seen = survey_.forwards.has_value();
    std::vector<const SurveyedLink*> routed;
    for (const SurveyedLink& link : survey_.links) {
      if (!has_addresses_of_its_own(link)) continue;
      const bool is_seen = link.forwards_ipv4 || link.forwards_ipv6 || survey_.forwards;
      any_seen = any_seen || is_seen;
      const bool own = link.forwards_ipv4.value_or(false) || link.forwards_ipv6.value_or(false);
      const bool of_all = !link.forwards_ipv4 && !link.forwards_ipv6 && survey_.forwards.value_or(false);
      if (own || of_all || !is_seen) routed.push_back(&link);
    }
    if (any_seen) forwards_ = routed.empty() ? Forwards::no : Forwards::yes;
    add_ways(routed);
  }

  void find_bridging() {
    for (const SurveyedLink& bridge : survey_.links) {
      if (!is_bridge(bridge)) continue;
      const auto ports = ports_of(survey_, bridge);
      if (ports.size() < 2) continue;
      forwards_ = Forwards::yes;
      add_ways(ports);
    }
  }

  std::set<const SurveyedLink*> nics_below(const SurveyedLink& link) const {
    std::set<const SurveyedLink*> nics;
    add_nics(survey_, link, nics);
    return nics;
  }

  // From each to each of the others.
  void add_ways(const std::vector<const SurveyedLink*>& links) {
    for (const SurveyedLink* in : links)
      for (const SurveyedLink* nic : nics_below(*in)) {
        auto& ways = ways_[nic];
        for (const SurveyedLink* out : links)
          if (out != in) ways.insert(out);
      }
  }

  const MachineSurvey& survey_;
  Forwards forwards_ = Forwards::not_seen;
  std::map<const SurveyedLink*, std::set<const SurveyedLink*>> ways_;  // of NICs
};

}  // namespace

ForwardingPaths forwarding_paths(const MachineSurvey& survey) {
  return Finder(survey).find();
}

std::optional<unsigned> smallest_mtu_out(const ForwardingNic& nic) {
  std::optional<unsigned> smallest;
  for (const SurveyedLink* out : nic.ways_out)
    if (out->mtu && (!smallest || *out->mtu < *smallest)) smallest = out->mtu;
  return smallest;
}

}  // namespace offlab
