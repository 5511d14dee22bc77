#include "runner/case_profile.h"

#include <algorithm>
#include <map>
#include <memory>

#include <fmt/core.h>

#include "base/error.h"
#include "measure/leg_profile.h"
#include "record/case_profile_json.h"

namespace offlab {
namespace {

const LegPlan* leg_in(const CasePlan& plan, LegRole role, unsigned round) {
  for (const LegPlan& leg : plan.legs)
    if (leg.role == role && leg.round == round) return &leg;
  return nullptr;
}

// Of the leg that the result was judged by.
unsigned judged_round(const CaseResult& result, const CasePlan& plan) {
  for (const LegPlan& leg : plan.legs)
    if (leg.role == LegRole::measured && RunFolder::leg_folder(plan, leg.role, leg.round) == result.leg)
      return leg.round;
  return 1;
}

std::string role_of(const NodePlan& node, const LegIntent& intent) {
  if (node.name == intent.flow.from) return "sender";
  if (node.name == intent.flow.to) return "receiver";
  for (const HopIntent& hop : intent.hops)
    for (const std::string& router : routers_of(hop))
      if (router == node.name) return hop.forwards ? "router" : "bridge";
  return "";
}

std::string addresses_on(const NodePlan& node, const std::string& network) {
  std::string text;
  const std::string prefix = network + " ";
  for (const std::string& address : node.addresses)
    if (address.rfind(prefix, 0) == 0) text += (text.empty() ? "" : ", ") + address.substr(prefix.size());
  return text;
}

PicturedNode pictured(const NodePlan& node, const LegIntent& intent) {
  PicturedNode picture{.name = node.name,
                       .role = role_of(node, intent),
                       .under_test = node.device_under_test,
                       .text = node.existing ? "exists already" : image_key(node),
                       .nics = {}};
  for (const NicPlan& nic : node.nics)
    for (const std::string& network : networks_of(nic)) {
      const NicIntent* wanted = find_nic(intent, {node.name, network});
      picture.nics.push_back({network, node.existing ? std::string() : std::string(to_string(nic.model)),
                              wanted == nullptr ? 0 : wanted->mtu.bytes, addresses_on(node, network),
                              wanted == nullptr ? nic.device : wanted->device});
    }
  return picture;
}

// Node, network, node, ... Where the routers of a tunnel are one device, its far end comes behind it.
std::vector<std::string> path_of(const LegIntent& intent) {
  std::vector<std::string> path = {intent.flow.from};
  std::string last;
  for (const HopIntent& hop : intent.hops) {
    path.push_back(hop.hop.ingress);
    path.push_back(hop.hop.router);
    if (!hop.far_router.empty()) path.insert(path.end(), {hop.tunnel, hop.far_router});
    last = hop.hop.egress;
  }
  path.push_back(last);
  path.push_back(intent.flow.to);
  return path;
}

CasePicture picture_of(const LabPlan& lab, const LegIntent& intent) {
  CasePicture picture;
  picture.path = path_of(intent);
  for (const NodePlan& node : lab.nodes) {
    picture.nodes.push_back(pictured(node, intent));
    for (const PicturedNic& nic : picture.nodes.back().nics)
      if (std::find(picture.networks.begin(), picture.networks.end(), nic.network) == picture.networks.end())
        picture.networks.push_back(nic.network);
  }
  for (const HopIntent& hop : intent.hops) {
    if (hop.wire) picture.points.push_back({hop.wire->id, hop.hop.router, hop.hop.ingress, hop.wire->side});
    if (hop.ingress) picture.points.push_back({hop.ingress->id, hop.hop.router, hop.hop.ingress, hop.ingress->side});
    if (hop.egress) picture.points.push_back({hop.egress->id, egress_nic(hop).node, hop.hop.egress, hop.egress->side});
  }
  return picture;
}

LegProfile profile_recorded_leg(const std::string& name, const LegPlan& leg, const LegObservation& seen,
                                const std::string& where, const RunFolder& folder) {
  std::vector<std::unique_ptr<FrameSource>> open;
  PointCaptures captures;
  for (const CapturePoint& point : points_of(leg.intent))
    for (const CaptureStatistics& capture : seen.captures)
      if (capture.point.id == point.id) try {
          open.push_back(folder.open_capture(where, capture.file));
          captures[point.id] = open.back().get();
        } catch (const Error&) {
          continue;  // the profile says that it is missing
        }
  return profile_leg(name, leg.intent, seen, captures);
}

}  // namespace

CaseProfile profile_case(const CaseResult& result, const LabPlan& lab, const CasePlan& first, const RunFolder& folder) {
  if (result.recorded != Recorded::recorded) return {};
  const CasePlan plan = attempt_of(first, result.attempts);
  const unsigned round = judged_round(result, plan);
  CaseProfile profile;
  std::map<LegRole, LegObservation> seen;
  for (const LegRole role : {LegRole::measured, LegRole::control}) {
    const LegPlan* leg = leg_in(plan, role, round);
    const std::string where = leg == nullptr ? "" : RunFolder::leg_folder(plan, role, round);
    if (leg == nullptr || !folder.has(where)) continue;
    if (role == LegRole::measured) profile.picture = picture_of(lab, leg->intent);
    seen[role] = folder.read_leg(where);
    profile.legs.push_back(profile_recorded_leg(std::string(to_string(role)), *leg, seen[role], where, folder));
  }
  if (const LegPlan* leg = leg_in(plan, LegRole::measured, round); leg != nullptr)
    profile.settings = read_settings(leg->intent, seen[LegRole::measured], seen[LegRole::control]);
  return profile;
}

void keep_profile(const CaseResult& result, const RunPlan& plan, const RunFolder& recorded, const RunFolder& folder) {
  if (result.recorded != Recorded::recorded) return;
  for (const LabPlan& lab : plan.labs)
    for (const CasePlan& one : lab.cases)
      if (result.id == one.id) try {
          folder.write_text(result.folder + "/" + profile_file,
                            case_profile_json(profile_case(result, lab, one, recorded)));
        } catch (const Error&) {
          return;
        }
}

CaseProfile kept_profile(const RunFolder& folder, const std::string& case_folder) {
  const std::string file = case_folder + "/" + profile_file;
  try {
    if (case_folder.empty() || !folder.has(file)) return {};
    return case_profile_from_json(folder.read_text(file));
  } catch (const Error&) {
    return {};
  }
}

}  // namespace offlab
