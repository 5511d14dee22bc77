#include "record/finding_json.h"

#include "base/error.h"

namespace offlab {
namespace {

OrderedJson frame_to_json(const EvidenceFrame& frame) {
  OrderedJson object = {
      {"point", frame.point}, {"frame", frame.number}, {"seconds", frame.seconds}, {"text", frame.text}};
  if (!frame.comment.empty()) object["comment"] = frame.comment;
  return object;
}

EvidenceFrame frame_from_json(const OrderedJson& object) {
  return {object.at("point").get<std::string>(), object.at("frame").get<std::uint64_t>(),
          object.at("seconds").get<double>(), object.at("text").get<std::string>(),
          object.value("comment", std::string())};
}

std::optional<double> number_or_nothing(const OrderedJson& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<double>());
}

Outcome outcome_from_json(const OrderedJson& value) {
  const auto outcome = parse_outcome(value.get<std::string>());
  if (!outcome) throw Error("'" + value.get<std::string>() + "' is no outcome");
  return *outcome;
}

Invariant invariant_from_json(const OrderedJson& value) {
  const auto invariant = parse_invariant(value.get<std::string>());
  if (!invariant) throw Error("'" + value.get<std::string>() + "' is no invariant");
  return *invariant;
}

}  // namespace

OrderedJson finding_to_json(const Finding& finding) {
  OrderedJson object = {{"invariant", to_string(finding.invariant)},
                        {"outcome", to_string(finding.outcome)},
                        {"value", or_null(finding.value)},
                        {"limit", or_null(finding.limit)},
                        {"text", finding.text}};
  if (finding.interval) object["interval"] = {finding.interval->low, finding.interval->high};
  if (!finding.device.empty()) object["device"] = finding.device;
  if (finding.warning) object["warning"] = true;
  for (const EvidenceFrame& frame : finding.frames) object["frames"].push_back(frame_to_json(frame));
  return object;
}

Finding finding_from_json(const OrderedJson& object) {
  Finding finding{.invariant = invariant_from_json(object.at("invariant")),
                  .outcome = outcome_from_json(object.at("outcome")),
                  .value = number_or_nothing(object.at("value")),
                  .limit = number_or_nothing(object.at("limit")),
                  .text = object.at("text").get<std::string>(),
                  .warning = object.value("warning", false)};
  if (object.contains("interval"))
    finding.interval = {object.at("interval").at(0).get<double>(), object.at("interval").at(1).get<double>()};
  finding.device = object.value("device", std::string());
  if (object.contains("frames"))
    for (const OrderedJson& frame : object.at("frames")) finding.frames.push_back(frame_from_json(frame));
  return finding;
}

}  // namespace offlab
