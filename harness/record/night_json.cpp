#include "record/night_json.h"

#include <cmath>

#include <fmt/core.h>

#include "base/error.h"
#include "base/parse_json.h"
#include "record/clean_json.h"
#include "record/json_values.h"

namespace offlab {
namespace {

constexpr const char* begin_schema = "offlab.night-begin/1";
constexpr const char* night_schema = "offlab.night/1";

json part_to_json(const NightPart& part) {
  json cases = json::array();
  for (const NightCase& one : part.cases) cases.push_back({{"id", one.id}, {"experimental", one.experimental}});
  return {{"name", part.name}, {"file_digest", part.file_digest}, {"cases", std::move(cases)}};
}

NightPart part_from_json(const json& object) {
  NightPart part{.name = object.at("name"), .file_digest = object.at("file_digest"), .cases = {}};
  for (const json& one : object.at("cases")) part.cases.push_back({one.at("id"), one.at("experimental")});
  return part;
}

json repeat_to_json(const Repeat& repeat) {
  json object = {{"class", repeat.fault_class}, {"why_not", repeat.why_not}, {"folder", repeat.folder}};
  object["fails"] = repeat.fails ? json(*repeat.fails) : json(nullptr);
  return object;
}

json case_to_json(const NightCaseReport& one) {
  json object = {{"part", one.part},
                 {"id", one.result.id},
                 {"outcome", to_string(one.result.outcome)},
                 {"class", one.result.fault_class ? json(to_string(*one.result.fault_class)) : json(nullptr)},
                 {"expect", to_string(one.result.expect)},
                 {"reason", one.result.reason},
                 {"recorded", one.result.recorded ? json(to_string(*one.result.recorded)) : json(nullptr)},
                 {"attempts", one.result.attempts},
                 {"standing", to_string(one.standing)},
                 {"note", one.note},
                 {"fresh", one.fresh},
                 {"cause", one.cause},
                 {"host", one.host.name},
                 {"run", one.folder},
                 {"folder", one.result.folder},
                 {"repeats", nullptr}};
  if (one.repeats)
    object["repeats"] = {{"again", repeat_to_json(one.repeats->again)},
                         {"last_good_image", repeat_to_json(one.repeats->last_good_image)},
                         {"last_good_offlab", repeat_to_json(one.repeats->last_good_offlab)},
                         {"last_good_both", repeat_to_json(one.repeats->last_good_both)}};
  return object;
}

json alarm_to_json(const Alarm& alarm) {
  return {{"part", alarm.part},       {"id", alarm.case_id},   {"host", alarm.host.name},
          {"seen", alarm.night},      {"since", alarm.since},  {"change", std::expm1(alarm.change)},
          {"p_value", alarm.p_value}, {"answer", alarm.answer}};
}

}  // namespace

std::string night_begin_json(const NightBegin& begin) {
  const NightQuestion& question = begin.question;
  json parts = json::array();
  for (const NightPart& part : question.parts) parts.push_back(part_to_json(part));
  json document = {{"schema", begin_schema},
                   {"id", question.night.id},
                   {"campaign", question.night.campaign},
                   {"started", question.night.started},
                   {"folder", question.night.folder},
                   {"host", question.host},
                   {"today", question.today},
                   {"deadline_seconds", nullptr},
                   {"parts", std::move(parts)},
                   {"campaign_file", begin.campaign_file},
                   {"history", begin.history},
                   {"accelerator", begin.accelerator},
                   {"hosts", begin.hosts},
                   {"tags", begin.tags}};
  if (question.deadline_seconds) document["deadline_seconds"] = *question.deadline_seconds;
  return document.dump(1) + "\n";
}

NightBegin night_begin_from_json(const std::string& text) {
  try {
    const json document = parse_json(text, "begin.json");
    if (document.at("schema") != begin_schema)
      throw Error(fmt::format("begin.json has the schema '{}', and this offlab knows {}",
                              document.at("schema").get<std::string>(), begin_schema));
    NightBegin begin;
    begin.question.night = {.id = document.at("id"),
                            .campaign = document.at("campaign"),
                            .started = document.at("started"),
                            .folder = document.at("folder")};
    begin.question.host = document.at("host");
    begin.question.today = document.at("today");
    if (!document.at("deadline_seconds").is_null()) begin.question.deadline_seconds = document.at("deadline_seconds");
    for (const json& part : document.at("parts")) begin.question.parts.push_back(part_from_json(part));
    begin.campaign_file = document.at("campaign_file");
    begin.history = document.at("history");
    begin.accelerator = document.at("accelerator");
    begin.hosts = document.value("hosts", "");
    begin.tags = document.value("tags", std::vector<std::string>());
    return begin;
  } catch (const json::exception& error) {
    throw Error(fmt::format("begin.json is damaged: {}", error.what()));
  }
}

namespace {

Repeat repeat_from_json(const json& object) {
  Repeat repeat{.fails = {},
                .fault_class = object.at("class").get<std::string>(),
                .why_not = object.at("why_not").get<std::string>(),
                .folder = object.at("folder").get<std::string>()};
  if (!object.at("fails").is_null()) repeat.fails = object.at("fails").get<bool>();
  return repeat;
}

std::optional<Standing> parse_standing(std::string_view text) {
  for (const Standing standing : {Standing::gates, Standing::experimental, Standing::unproven, Standing::quarantined})
    if (to_string(standing) == text) return standing;
  return std::nullopt;
}

NightCaseReport case_from_json(const json& object) {
  const Outcome outcome = parsed(object.at("outcome"), parse_outcome, "outcome");
  NightCaseReport one{.part = object.at("part").get<std::string>(),
                      .result = {.id = object.at("id").get<std::string>(),
                                 .outcome = outcome,
                                 .forwarding = outcome,
                                 .expect = parsed(object.at("expect"), parse_expectation, "expectation"),
                                 .reason = object.at("reason").get<std::string>()}};
  if (!object.at("class").is_null())
    one.result.fault_class = parsed(object.at("class"), parse_fault_class, "fault class");
  if (!object.at("recorded").is_null())
    one.result.recorded = parsed(object.at("recorded"), parse_recorded, "word for what became of a case");
  object.at("attempts").get_to(one.result.attempts);
  object.at("folder").get_to(one.result.folder);
  one.standing = parsed(object.at("standing"), parse_standing, "standing of a case");
  object.at("note").get_to(one.note);
  object.at("fresh").get_to(one.fresh);
  object.at("cause").get_to(one.cause);
  object.at("host").get_to(one.host.name);
  object.at("run").get_to(one.folder);
  if (const json& repeats = object.at("repeats"); !repeats.is_null())
    one.repeats =
        Repeats{repeat_from_json(repeats.at("again")), repeat_from_json(repeats.at("last_good_image")),
                repeat_from_json(repeats.at("last_good_offlab")), repeat_from_json(repeats.at("last_good_both"))};
  return one;
}

NightReport night_of(const json& document) {
  if (document.at("schema") != night_schema) throw Error(std::string("it has another schema than ") + night_schema);
  NightReport report;
  document.at("night").get_to(report.night);
  document.at("campaign").get_to(report.campaign);
  report.outcome = parsed(document.at("outcome"), parse_outcome, "outcome");
  document.at("host").at("name").get_to(report.host.name);
  document.at("started").get_to(report.started);
  document.at("seconds").get_to(report.seconds);
  document.at("notes").get_to(report.notes);
  for (const json& part : document.at("parts"))
    report.parts.push_back({part.at("name"), part.at("folder"), part.at("trouble")});
  for (const json& one : document.at("cases")) report.cases.push_back(case_from_json(one));
  for (const json& alarm : document.at("alarms"))
    report.alarms.push_back({.night = alarm.at("seen"),
                             .part = alarm.at("part"),
                             .case_id = alarm.at("id"),
                             .host = {alarm.at("host").get<std::string>(), "", "", ""},
                             .since = alarm.at("since"),
                             .change = std::log1p(alarm.at("change").get<double>()),
                             .p_value = alarm.at("p_value"),
                             .answer = alarm.at("answer")});
  return report;
}

}  // namespace

NightReport night_from_json(std::string_view text) {
  return read_json_file(text, "night.json", night_of);
}

std::string night_json(const NightReport& report) {
  json document = {{"schema", night_schema},
                   {"night", report.night},
                   {"campaign", report.campaign},
                   {"outcome", to_string(report.outcome)},
                   {"host",
                    {{"name", report.host.name},
                     {"accel", report.host.accelerator},
                     {"qemu", report.host.qemu},
                     {"kernel", report.host.kernel}}},
                   {"started", report.started},
                   {"seconds", report.seconds},
                   {"parts", json::array()},
                   {"cases", json::array()},
                   {"alarms", json::array()},
                   {"notes", report.notes}};
  for (const NightPartReport& part : report.parts)
    document["parts"].push_back({{"name", part.name}, {"folder", part.folder}, {"trouble", part.trouble}});
  for (const NightCaseReport& one : report.cases) document["cases"].push_back(case_to_json(one));
  for (const Alarm& alarm : report.alarms) document["alarms"].push_back(alarm_to_json(alarm));
  return clean_json(document).dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace offlab
