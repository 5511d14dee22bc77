#include "survey/risk_rows.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "model/offload.h"

namespace offlab {
namespace {

constexpr std::string_view placeholder = "@NIC@";

std::vector<std::string> with_names(const std::vector<std::string>& commands, const std::vector<std::string>& nics) {
  std::vector<std::string> made;
  for (const std::string& command : commands) {
    const auto place = command.find(placeholder);
    if (place == std::string::npos) {
      made.push_back(command);
      continue;
    }
    for (const std::string& nic : nics) made.push_back(std::string(command).replace(place, placeholder.size(), nic));
  }
  return made;
}

}  // namespace

Lro lro_of(const SurveyedLink& nic) {
  const auto found = nic.features.find(std::string(feature_lro));
  if (found == nic.features.end()) return Lro::not_seen;
  if (found->second.on) return Lro::on;
  return found->second.requested_on ? Lro::asleep : Lro::off;
}

RiskRow risk_row(RiskRow row, const ForwardingPaths& paths,
                 const std::function<RiskAnswer(const ForwardingNic&)>& ask) {
  std::vector<std::string> nics;
  for (const ForwardingNic& one : paths.nics) {
    RiskAnswer answer = ask(one);
    if (!nics.empty() && answer.risk < row.risk) continue;
    if (nics.empty() || answer.risk > row.risk) {
      row.reasons.clear();
      nics.clear();
    }
    row.risk = answer.risk;
    nics.push_back(one.nic->name);
    const auto same = std::find_if(row.reasons.begin(), row.reasons.end(),
                                   [&](const RiskReason& known) { return known.text == answer.reason; });
    if (same == row.reasons.end())
      row.reasons.push_back({{one.nic->name}, std::move(answer.reason)});
    else
      same->nics.push_back(one.nic->name);
  }
  if (row.risk == Risk::safe) {
    row.prove.clear();
    row.mend.clear();
  }
  for (std::vector<std::string>* commands : {&row.prove, &row.mend}) *commands = with_names(*commands, nics);
  return row;
}

std::optional<RiskRow> forwarding_row(const ForwardingPaths& paths, const std::string& prove) {
  RiskRow row{.hazards = "-", .title = "Coalesced packets matter where they are forwarded", .risk = Risk::cannot_tell};
  row.prove = {prove};
  if (paths.forwards == Forwards::no) {
    row.reasons = {{{}, "it does not forward now: no link has forwarding on, and no bridge has two ports"}};
    return row;
  }
  if (paths.forwards == Forwards::not_seen) {
    row.reasons = {{{}, "whether it forwards was not seen; all of its NICs are taken to"}};
    return row;
  }
  if (paths.nics.empty()) {
    row.reasons = {{{}, "no NIC was seen that forwards"}};
    return row;
  }
  return std::nullopt;
}

RiskAnswer honest_discovery(const ForwardingNic& one, const char* where_mtus_are) {
  const auto out = smallest_mtu_out(one);
  if (!one.nic->mtu || !out) return {Risk::cannot_tell, fmt::format("the MTUs were not seen ({})", where_mtus_are)};
  if (*out >= *one.nic->mtu) return {Risk::safe, "no MTU on the way out is smaller"};
  return {Risk::safe,
          fmt::format("the MTU falls from {} to {} on the way: a few \"fragmentation needed\" for each connection are "
                      "right. Let ICMP pass",
                      *one.nic->mtu, *out)};
}

}  // namespace offlab
