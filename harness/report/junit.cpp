#include "report/junit.h"

#include <algorithm>
#include <sstream>

#include <fmt/core.h>
#include <pugixml.hpp>

#include "base/clean_format.h"

namespace offlab {
namespace {

void set(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name).set_value(clean_text(value).c_str());
}

std::string headline(const CaseResult& one) {
  if (!one.reason.empty()) return one.reason;
  if (one.fault_class) return fmt::format("class {}", to_string(*one.fault_class));
  return std::string(to_string(one.outcome));
}

std::string details(const CaseResult& one) {
  std::string text;
  for (const Finding& finding : one.findings) {
    text += clean_format("{} {}: {}\n", finding.warning ? "warning" : to_string(finding.outcome),
                         to_string(finding.invariant), finding.text);
    for (const EvidenceFrame& frame : finding.frames)
      text += clean_format("    {} #{} {}\n", frame.point, frame.number, frame.text);
  }
  return text;
}

void add_case(pugi::xml_node suite, const RunResult& run, const CaseResult& one) {
  pugi::xml_node testcase = suite.append_child("testcase");
  set(testcase, "name", one.id);
  set(testcase, "classname", run.name);
  const auto add = [&](const char* element, const std::string& type) {
    pugi::xml_node node = testcase.append_child(element);
    set(node, "message", headline(one));
    if (!type.empty()) set(node, "type", type);
    node.text().set(details(one).c_str());
  };
  switch (one.outcome) {
    case Outcome::pass:
      break;
    case Outcome::fail:
      add("failure", one.fault_class ? std::string(to_string(*one.fault_class)) : "fail");
      break;
    case Outcome::error:
      add("error", one.recorded ? "error" : "not-tried");
      break;
    case Outcome::inconclusive:
      add("error", "inconclusive");
      break;
    case Outcome::skip:
      add("skipped", "");
      break;
  }
  if (one.outcome == Outcome::pass) testcase.append_child("system-out").text().set(details(one).c_str());
}

}  // namespace

std::string junit_xml(const RunResult& run) {
  const auto count = [&](std::initializer_list<Outcome> outcomes) {
    return std::to_string(std::count_if(run.cases.begin(), run.cases.end(), [&](const CaseResult& one) {
      return std::find(outcomes.begin(), outcomes.end(), one.outcome) != outcomes.end();
    }));
  };
  pugi::xml_document document;
  pugi::xml_node suite = document.append_child("testsuite");
  set(suite, "name", run.name);
  set(suite, "tests", std::to_string(run.cases.size()));
  set(suite, "failures", count({Outcome::fail}));
  set(suite, "errors", count({Outcome::error, Outcome::inconclusive}));
  set(suite, "skipped", count({Outcome::skip}));
  set(suite, "timestamp", run.started);
  set(suite, "time", fmt::format("{:.1f}", run.seconds));
  for (const CaseResult& one : run.cases) add_case(suite, run, one);
  std::ostringstream text;
  document.save(text, "  ");
  return text.str();
}

}  // namespace offlab
