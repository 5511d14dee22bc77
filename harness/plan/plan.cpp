#include "plan/plan.h"

#include <algorithm>

#include <fmt/core.h>

namespace offlab {

std::vector<std::string> networks_of(const NicPlan& nic) {
  std::vector<std::string> networks = {nic.network};
  networks.insert(networks.end(), nic.also.begin(), nic.also.end());
  return networks;
}

bool is_on(const NicPlan& nic, const std::string& network) {
  return nic.network == network || std::find(nic.also.begin(), nic.also.end(), network) != nic.also.end();
}

std::string image_key(const NodePlan& node) {
  return node.kernel.empty() ? node.image : node.image + "@" + node.kernel;
}

SystemKind system_of(const NodePlan& node) {
  return node.existing ? node.existing->system : SystemKind::gnu_linux;
}

bool is_existing(const LabPlan& lab) {
  return !lab.nodes.empty() && std::all_of(lab.nodes.begin(), lab.nodes.end(),
                                           [](const NodePlan& node) { return node.existing.has_value(); });
}

double traffic_seconds(const LegPlan& leg) {
  return leg.intent.warmup_seconds + leg.intent.duration_seconds;
}

double usual_traffic_seconds(const CasePlan& plan) {
  double seconds = 0;
  for (const LegPlan& leg : plan.legs)
    if (leg.round == 1) seconds += traffic_seconds(leg);
  return seconds;
}

std::string leg_name(LegRole role, unsigned round) {
  const std::string word(to_string(role));
  return round == 1 ? word : fmt::format("{}-{}", word, round);
}

}  // namespace offlab
