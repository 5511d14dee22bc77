#include "report/ctrf.h"

#include <cmath>
#include <cstdint>

#include "base/calendar.h"
#include "base/clean_text.h"
#include "base/json.h"
#include "base/version.h"
#include "report/case_text.h"

namespace offlab {
namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t most_details = 65536;

const char* status_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return "passed";
    case Outcome::fail:
      return "failed";
    case Outcome::skip:
      return "skipped";
    case Outcome::error:
    case Outcome::inconclusive:
      return "other";
  }
  return "other";
}

std::int64_t milliseconds(double seconds) {
  return static_cast<std::int64_t>(std::llround(1000 * std::max(0.0, seconds)));
}

json test_of(const CaseResult& one, const std::string& suite) {
  json test = {
      {"name", clean_line(one.id)},   {"status", status_of(one.outcome)},    {"duration", milliseconds(one.seconds)},
      {"suite", {clean_line(suite)}}, {"rawStatus", to_string(one.outcome)}, {"message", case_headline(one)},
      {"tags", {class_word(one)}}};
  if (one.outcome != Outcome::pass) test["trace"] = case_details(one, most_details);
  if (one.attempts > 1) test["retries"] = one.attempts - 1;
  for (const std::string& path : judged_captures(one))
    test["attachments"].push_back(
        {{"name", clean_line(path)}, {"contentType", "application/vnd.tcpdump.pcap"}, {"path", clean_line(path)}});
  json settings = json::object();
  for (const auto& [key, value] : one.axes) settings[clean_line(key)] = clean_line(value);
  if (!settings.empty()) test["parameters"] = settings;
  return test;
}

}  // namespace

std::string ctrf_json(const RunResult& run) {
  json summary = {
      {"tests", run.cases.size()}, {"passed", 0}, {"failed", 0}, {"pending", 0}, {"skipped", 0}, {"other", 0}};
  json tests = json::array();
  for (const CaseResult& one : run.cases) {
    tests.push_back(test_of(one, run.name));
    json& count = summary[status_of(one.outcome)];
    count = count.get<std::size_t>() + 1;
  }
  const std::int64_t start = 1000 * seconds_of(run.started).value_or(0);
  summary["start"] = start;
  summary["stop"] = start + milliseconds(run.seconds);
  json extra = json::object();
  for (const auto& [name, value] : run.host) extra[clean_line(name)] = clean_line(value);
  const json document = {{"reportFormat", "CTRF"},
                         {"specVersion", "0.0.0"},
                         {"generatedBy", "offlab"},
                         {"results",
                          {{"tool", {{"name", "offlab"}, {"version", program_version()}}},
                           {"summary", summary},
                           {"tests", tests},
                           {"environment", {{"testEnvironment", clean_line(run.name)}, {"extra", extra}}}}}};
  return document.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace offlab
