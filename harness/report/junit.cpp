#include "report/junit.h"

#include <algorithm>
#include <map>
#include <sstream>

#include <fmt/core.h>
#include <pugixml.hpp>

#include "base/clean_format.h"
#include "report/case_text.h"

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

// The captures, as GitLab and Jenkins' plugin JUnit Attachments find them: paths below the folder of junit.xml.
std::string attachments(const CaseResult& one) {
  std::string text;
  for (const std::string& path : judged_captures(one))
    if (path.find(']') == std::string::npos) text += clean_format("[[ATTACHMENT|{}]]\n", path);
  return text;
}

void add_result(pugi::xml_node testcase, const CaseResult& one, std::size_t most_bytes) {
  const auto add = [&](const char* element, const std::string& type) {
    pugi::xml_node node = testcase.append_child(element);
    set(node, "message", clean_line(headline(one)));
    if (!type.empty()) set(node, "type", type);
    node.text().set(clean_text(case_details(one, most_bytes)).c_str());
  };
  switch (one.outcome) {
    case Outcome::pass:
      break;
    case Outcome::fail:
      return add("failure", one.fault_class ? std::string(to_string(*one.fault_class)) : "fail");
    case Outcome::error:
      return add("error", one.recorded ? "error" : "not-tried");
    case Outcome::inconclusive:
      return add("error", "inconclusive");
    case Outcome::skip:
      return add("skipped", "");
  }
}

class Suite {
 public:
  Suite(pugi::xml_node node, const RunResult& run) : node_(node), run_(run) {}

  void add(const CaseResult& one) {
    pugi::xml_node testcase = node_.append_child("testcase");
    set(testcase, "classname", run_.name);
    set(testcase, "name", unique(clean_line(one.id)));
    set(testcase, "time", fmt::format("{:.3f}", one.seconds));
    add_settings(testcase, one);
    add_result(testcase, one, most_bytes());
    std::string output = one.outcome == Outcome::pass ? case_details(one, most_bytes()) : "";
    output += attachments(one);
    if (!output.empty()) testcase.append_child("system-out").text().set(clean_text(output).c_str());
  }

 private:
  // Servers take cases of one name for one.
  std::string unique(const std::string& name) {
    const unsigned number = ++names_[name];
    return number == 1 ? name : unique(fmt::format("{} ({})", name, number));
  }
  static void add_settings(pugi::xml_node testcase, const CaseResult& one) {
    if (one.axes.empty()) return;
    pugi::xml_node properties = testcase.append_child("properties");
    for (const auto& [key, value] : one.axes) {
      pugi::xml_node property = properties.append_child("property");
      set(property, "name", key);
      set(property, "value", value);
    }
  }
  // All cases together stay within the file that servers read.
  std::size_t most_bytes() const {
    constexpr std::size_t most_each = 65536;
    return std::min(most_each, largest_junit / 2 / std::max<std::size_t>(1, run_.cases.size()));
  }

  pugi::xml_node node_;
  const RunResult& run_;
  std::map<std::string, unsigned> names_;
};

}  // namespace

std::string junit_xml(const RunResult& run) {
  const auto count = [&](std::initializer_list<Outcome> outcomes) {
    return std::to_string(std::count_if(run.cases.begin(), run.cases.end(), [&](const CaseResult& one) {
      return std::find(outcomes.begin(), outcomes.end(), one.outcome) != outcomes.end();
    }));
  };
  pugi::xml_document document;
  pugi::xml_node node = document.append_child("testsuite");
  set(node, "name", run.name);
  set(node, "tests", std::to_string(run.cases.size()));
  set(node, "failures", count({Outcome::fail}));
  set(node, "errors", count({Outcome::error, Outcome::inconclusive}));
  set(node, "skipped", count({Outcome::skip}));
  set(node, "timestamp", run.started);
  set(node, "time", fmt::format("{:.1f}", run.seconds));
  Suite suite(node, run);
  for (const CaseResult& one : run.cases) suite.add(one);
  std::ostringstream text;
  document.save(text, "  ");
  return text.str();
}

}  // namespace offlab
