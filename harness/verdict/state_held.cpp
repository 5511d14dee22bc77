#include <algorithm>

#include <fmt/format.h>

#include "verdict/invariant.h"

namespace offlab {
namespace {

std::string sentence(const StateDifference& d) {
  return fmt::format("{}: {} was to be {}, is {} ({})", to_string(d.where), d.what, d.wanted, d.seen, d.when);
}

Finding judge(const LegEvidence& evidence, Finding finding) {
  const LegMeasurements& leg = evidence.leg;
  finding.value = static_cast<double>(leg.differences.size());
  for (const StateDifference& difference : leg.differences)
    finding.text += (finding.text.empty() ? "" : "; ") + sentence(difference);
  const auto any = [&](auto predicate) {
    return std::any_of(leg.differences.begin(), leg.differences.end(), predicate);
  };
  if (any([](const StateDifference& d) { return d.injected; })) {
    finding.outcome = Outcome::inconclusive;
    finding.text += "; an injected setting did not stay, so the case did not test what it should test";
  } else if (any([](const StateDifference& d) { return d.when == "before"; })) {
    finding.outcome = Outcome::inconclusive;
    finding.text += "; a setting was not taken";
  } else if (!leg.differences.empty()) {
    finding.outcome = Outcome::fail;
  } else if (!leg.missing.empty()) {
    return inconclusive(finding.invariant, fmt::format("not read: {}", fmt::join(leg.missing, ", ")));
  } else {
    finding.text = "every setting read back equal before and after";
    if (!leg.side_effects.empty())
      finding.text += fmt::format("; changed along with them: {}", fmt::join(leg.side_effects, ", "));
  }
  return finding;
}

}  // namespace

InvariantRow state_held_row() {
  return {
      .id = Invariant::state_held,
      .judge = judge,
      .needs = {Need::settings},
      .scope = InvariantScope::whole_flow,
      .kind = InvariantKind::structural,
      .limit = NothingAllowed{},
      .violation = Violation::fail,
      .holds_when =
          "every setting reads back as it was set, before and after the transfer; an injected one (`hypervisor.lro`) "
          "also every 100 ms while it runs (`samples.csv`): if that did not stay, the case is inconclusive"};
}

}  // namespace offlab
