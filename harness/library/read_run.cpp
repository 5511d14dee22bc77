// run.json -> what the library's users see.
#include <algorithm>
#include <ostream>

#include <fmt/core.h>
#include <offlab/options.h>
#include <offlab/result.h>

#include "base/error.h"
#include "base/parse_json.h"
#include "base/read_file.h"
#include "library/offlab_program.h"

namespace offlab {
inline namespace v0 {
namespace {

using nlohmann::json;

constexpr const char* schema = "offlab.run/1";

struct Word {
  Outcome outcome;
  const char* text;
};
constexpr Word outcomes[] = {{Outcome::pass, "pass"},
                             {Outcome::fail, "fail"},
                             {Outcome::inconclusive, "inconclusive"},
                             {Outcome::skip, "skip"},
                             {Outcome::error, "error"}};

Outcome outcome_of(const json& value) {
  for (const Word& word : outcomes)
    if (value == word.text) return word.outcome;
  throw Error(fmt::format("{} is no outcome", value.dump()));
}

// A member that may be missing or null.
std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? "" : found->get<std::string>();
}

std::optional<double> number_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || !found->is_number() ? std::nullopt : std::optional(found->get<double>());
}

const json& list_of(const json& object, const char* key) {
  static const json none = json::array();
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? none : *found;
}

Finding finding_of(const json& object) {
  Finding finding;
  finding.invariant = object.at("invariant").get<std::string>();
  finding.outcome = outcome_of(object.at("outcome"));
  finding.text = object.at("text").get<std::string>();
  finding.value = number_of(object, "value");
  finding.limit = number_of(object, "limit");
  finding.warning = object.value("warning", false);
  finding.device = text_of(object, "device");
  for (const json& frame : list_of(object, "frames"))
    finding.frames.push_back({frame.at("point").get<std::string>(), frame.at("frame").get<std::uint64_t>(),
                              frame.at("seconds").get<double>(), frame.at("text").get<std::string>()});
  return finding;
}

std::optional<Diagnosis> diagnosis_of(const json& object) {
  const auto found = object.find("diagnosis");
  if (found == object.end() || found->is_null()) return std::nullopt;
  Diagnosis diagnosis{text_of(*found, "what"), text_of(*found, "counters"), {}, text_of(*found, "cost")};
  for (const json& remedy : list_of(*found, "remedies"))
    diagnosis.remedies.push_back({text_of(remedy, "where"), text_of(remedy, "action")});
  return diagnosis;
}

std::optional<Measurements> measurements_of(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return std::nullopt;
  Measurements seen;
  seen.goodput_bps = number_of(*found, "goodput_bps");
  seen.uplink_bps = number_of(*found, "uplink_bps");
  seen.amplification = number_of(*found, "amplification");
  seen.wasted_share = number_of(*found, "wasted_share");
  seen.retransmit_ratio = number_of(*found, "retransmit_ratio");
  seen.bogus_frag_needed = number_of(*found, "bogus_frag_needed");
  seen.frag_fails = number_of(*found, "frag_fails");
  for (const auto& [name, value] : found->items())
    if (value.is_number()) seen.numbers[name] = value.get<double>();
  return seen;
}

CaseResult case_of(const json& object, const std::string& folder) {
  CaseResult one;
  one.id = object.at("id").get<std::string>();
  for (const auto& [key, value] : list_of(object, "axes").items()) one.settings.add({key, value.get<std::string>()});
  one.outcome = outcome_of(object.at("outcome"));
  one.forwarding = outcome_of(object.at("forwarding"));
  one.fault_class = text_of(object, "class");
  one.expect = text_of(object, "expect");
  one.reason = text_of(object, "reason");
  one.device = text_of(object, "device");
  for (const json& finding : list_of(object, "findings")) one.findings.push_back(finding_of(finding));
  one.diagnosis = diagnosis_of(object);
  one.measured = measurements_of(object, "measurements");
  one.control = measurements_of(object, "control");
  for (const json& file : list_of(object, "artifacts")) one.artifacts.push_back(file.get<std::string>());
  one.folder = folder;
  one.seconds = number_of(object, "seconds").value_or(0);
  return one;
}

RunResult run_of(const json& document, const std::string& folder) {
  if (text_of(document, "schema") != schema)
    throw Error(fmt::format("its schema is '{}', this library reads {}", text_of(document, "schema"), schema));
  RunResult run;
  run.name = text_of(document, "name");
  run.outcome = outcome_of(document.at("outcome"));
  run.folder = folder;
  run.started = text_of(document, "started");
  run.seconds = number_of(document, "seconds").value_or(0);
  for (const auto& [name, value] : list_of(document, "host").items())
    if (value.is_string()) run.host[name] = value.get<std::string>();
  for (const json& one : document.at("cases")) run.cases.push_back(case_of(one, folder));
  return run;
}

}  // namespace

const char* to_string(Outcome outcome) {
  for (const Word& word : outcomes)
    if (word.outcome == outcome) return word.text;
  return "error";
}

std::ostream& operator<<(std::ostream& stream, Outcome outcome) {
  return stream << to_string(outcome);
}

std::vector<Finding> CaseResult::violations() const {
  std::vector<Finding> failed;
  for (const Finding& finding : findings)
    if (finding.outcome == Outcome::fail) failed.push_back(finding);
  return failed;
}

bool CaseResult::violates(const std::string& invariant) const {
  return std::ranges::any_of(findings, [&](const Finding& finding) {
    return finding.invariant == invariant && finding.outcome == Outcome::fail;
  });
}

const CaseResult& RunResult::at(const std::string& id) const {
  for (const CaseResult& one : cases)
    if (one.id == id) return one;
  throw Failure(fmt::format("the run in {} has no case '{}'", folder, id), library::usage_status);
}

RunResult read_run(const std::string& folder) {
  const std::string file = folder + "/run.json";
  try {
    return run_of(parse_json(read_whole_file(file), file), folder);
  } catch (const json::exception& error) {
    throw Failure(fmt::format("{} is damaged: {}", file, error.what()), library::error_status);
  } catch (const Error& error) {
    throw Failure(fmt::format("reading {}: {}", file, error.what()), library::error_status);
  }
}

}  // namespace v0
}  // namespace offlab
