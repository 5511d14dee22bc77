#include "record/lab_entry.h"

#include <fmt/core.h>

#include "base/parse_json.h"
#include "record/earlier_plan.h"
#include "record/json_values.h"
#include "record/plan_json.h"

namespace offlab {
namespace {
constexpr const char* schema = "offlab.lab/2";
constexpr const char* earlier_schema = "offlab.lab/1";

// Earlier entries have no start.
ProcessId process_from(const json& document, const std::string& key) {
  return {document.at(key).get<pid_t>(), document.value(key + "_started", std::uint64_t{0})};
}

}  // namespace

std::string lab_entry_to_json(const LabEntry& entry) {
  return json{{"schema", schema},
              {"name", entry.name},
              {"state", entry.state == LabState::up ? "up" : "starting"},
              {"file", entry.file},
              {"case", entry.case_id},
              {"axes", entry.axes},
              {"set", entry.set},
              {"case_settings", entry.case_settings},
              {"supervisor", entry.supervisor.number},
              {"supervisor_started", entry.supervisor.started},
              {"init", entry.init.number},
              {"init_started", entry.init.started},
              {"started", entry.started},
              {"accelerator", entry.accelerator},
              {"guest_keys", entry.guest_keys},
              {"lab", lab_plan_to_json(entry.plan)}}
      .dump(1, ' ', false, json::error_handler_t::replace);
}

LabEntry lab_entry_from_json(const std::string& text) {
  try {
    json document = parse_json(text, "a lab's entry");
    if (document.at("schema") == earlier_schema)
      upgrade_lab_3(document.at("lab"));
    else if (document.at("schema") != schema)
      throw Error(fmt::format("a lab's entry has schema {}, not {}", document.at("schema").dump(), schema));
    LabEntry entry;
    document.at("name").get_to(entry.name);
    entry.state = document.at("state") == "up" ? LabState::up : LabState::starting;
    document.at("file").get_to(entry.file);
    document.at("case").get_to(entry.case_id);
    document.at("axes").get_to(entry.axes);
    document.at("set").get_to(entry.set);
    document.at("case_settings").get_to(entry.case_settings);
    entry.supervisor = process_from(document, "supervisor");
    entry.init = process_from(document, "init");
    document.at("started").get_to(entry.started);
    document.at("accelerator").get_to(entry.accelerator);
    entry.guest_keys = document.value("guest_keys", entry.guest_keys);  // not in those of older labs
    entry.plan = lab_plan_from_json(document.at("lab"));
    return entry;
  } catch (const json::exception& error) {
    throw Error(fmt::format("a lab's entry is damaged: {}", error.what()));
  }
}

}  // namespace offlab
