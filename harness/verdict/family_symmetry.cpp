#include "verdict/family_symmetry.h"

#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "verdict/invariant.h"

namespace offlab {
namespace {

// Everything that the other family, or the other direction, changes by itself is blanked out.
LegIntent without_ends(LegIntent intent) {
  intent.flow.name.clear();
  intent.flow.from.clear();
  intent.flow.to.clear();
  intent.source = intent.destination = IpAddress();
  intent.destination_pool.reset();
  for (HopIntent& hop : intent.hops) hop.addresses.clear();
  return intent;
}

// What a NIC is and what was asked of it, without its name.
struct NicSettings {
  std::string made;
  std::map<std::string, bool> features;
  std::uint32_t mtu = 0;
  HypervisorLro forced = HypervisorLro::off;
  bool operator==(const NicSettings&) const = default;
};

// Nothing when the node has no NIC there, such as behind a bridge.
std::optional<NicSettings> nic_settings(const CaseSettings& settings, const NicRef& ref, const std::string& tap = "") {
  const auto made = settings.nics.find(ref);
  if (made == settings.nics.end()) return std::nullopt;
  NicSettings nic;
  nic.made = made->second;
  for (const WantedFeature& wanted : settings.intent.features)
    if (wanted.nic == ref) nic.features[wanted.feature] = wanted.on;
  if (const NicIntent* wanted = find_nic(settings.intent, ref)) nic.mtu = wanted->mtu.bytes;
  if (const auto forced = settings.intent.taps.find(tap); forced != settings.intent.taps.end())
    nic.forced = forced->second;
  return nic;
}

bool is_alike_on_both_sides(const CaseSettings& settings) {
  const LegIntent& intent = settings.intent;
  for (const HopIntent& hop : intent.hops) {
    const auto in = nic_settings(settings, hop.hop.ingress_nic(), hop.ingress_tap);
    if (!in || in != nic_settings(settings, hop.hop.egress_nic(), hop.egress_tap)) return false;
  }
  const auto sender = nic_settings(settings, {intent.flow.from, intent.hops.front().hop.ingress});
  return sender && sender == nic_settings(settings, {intent.flow.to, intent.hops.back().hop.egress});
}

// The way back: the devices in the other order, each entered where it was left.
std::vector<std::pair<std::string, std::string>> taps_on_the_way(const LegIntent& intent, bool back) {
  std::vector<std::pair<std::string, std::string>> taps;
  for (const HopIntent& hop : intent.hops)
    taps.emplace_back(back ? hop.egress_tap : hop.ingress_tap, back ? hop.ingress_tap : hop.egress_tap);
  if (back) std::reverse(taps.begin(), taps.end());
  return taps;
}

std::string_view family_name(Family family) {
  return family == Family::ipv4 ? "IPv4" : "IPv6";
}

Finding compare(const CaseResult& one, const CaseResult& other, const std::string& how_other) {
  const bool same = one.fault_class == other.fault_class;
  Finding finding{.invariant = Invariant::family_symmetry, .outcome = Outcome::pass, .warning = !same};
  finding.text = same ? fmt::format("{} {} as well ('{}')", to_string(*one.fault_class), how_other, other.id)
                      : fmt::format("{} here, {} {} ('{}'), with the same settings", to_string(*one.fault_class),
                                    to_string(*other.fault_class), how_other, other.id);
  return finding;
}

}  // namespace

InvariantRow family_symmetry_row() {
  return {.id = Invariant::family_symmetry,
          .judge = nullptr,
          .needs = {},
          .scope = InvariantScope::run,
          .kind = InvariantKind::structural,
          .limit = NoLimit{},
          .violation = Violation::warning,
          .holds_when =
              "two cases of a run have the same class where they differ only in the address family, or only in the "
              "direction of the data (with routers, sender and receiver alike on both sides)",
          .no_mutation = "it compares cases, and a mutation is a defect in one leg"};
}

bool differ_in_family_only(const CaseSettings& a, const CaseSettings& b) {
  if (a.intent.hops.empty()) return false;
  if (a.intent.flow.family == b.intent.flow.family || a.intent.lro_families != LroFamilies::both) return false;
  if (a.intent.flow.from != b.intent.flow.from || a.intent.flow.to != b.intent.flow.to || a.nics != b.nics)
    return false;
  LegIntent other = without_ends(b.intent);
  other.flow.family = a.intent.flow.family;
  return without_ends(a.intent) == other;
}

bool differ_in_direction_only(const CaseSettings& a, const CaseSettings& b) {
  if (a.intent.hops.empty()) return false;
  if (a.intent.flow.from != b.intent.flow.to || a.intent.flow.to != b.intent.flow.from || a.nics != b.nics)
    return false;
  if (taps_on_the_way(a.intent, false) != taps_on_the_way(b.intent, true) || !is_alike_on_both_sides(a)) return false;
  LegIntent other = without_ends(b.intent);
  other.hops = without_ends(a.intent).hops;  // the same devices, as their taps told
  return without_ends(a.intent) == other;
}

void add_family_symmetry(const std::vector<CaseSettings>& settings, std::vector<CaseResult>& cases) {
  for (std::size_t i = 0; i < cases.size(); ++i)
    for (std::size_t j = 0; j < cases.size(); ++j) {
      if (i == j || !cases[i].fault_class || !cases[j].fault_class) continue;
      if (differ_in_family_only(settings[i], settings[j]))
        cases[i].findings.push_back(
            compare(cases[i], cases[j], fmt::format("over {}", family_name(settings[j].intent.flow.family))));
      else if (differ_in_direction_only(settings[i], settings[j]))
        cases[i].findings.push_back(compare(cases[i], cases[j], "the other way"));
    }
}

}  // namespace offlab
