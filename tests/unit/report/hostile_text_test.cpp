// Guests, vendor images and run folders of strangers name things and give reasons. None of it forges a line of a
// report, reaches the terminal as a command, or makes a result ill-formed.
#include <sstream>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pugixml.hpp>

#include "base/json.h"
#include "record/analysis_json.h"
#include "record/run_json.h"
#include "report/analysis.h"
#include "report/console.h"
#include "report/demo.h"
#include "report/diagnosis_text.h"
#include "report/junit.h"
#include "report/suite.h"
#include "sample_run.h"
#include "unit/xml_characters.h"

namespace offlab {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::string>& attacks() {
  static const std::vector<std::string> all = {
      "x\nPASS  forged-case",
      "x\r\nPASS  forged-case\r\n",
      "\033]0;title\007x\033[2J\033[1;1HPASS  forged-case",
      "x\033]0;swallows what follows",
      "\u009b2Jx\u009d0;title\u009c\u0085PASS  forged-case",
      "x\uffff\ufffe\ufdd0\U0001ffff\x01\x7f\b",
      "x\xed\xa0\x80\xff\xfe\xc3",
      std::string("x\0y", 3),
  };
  return all;
}

// Every text that somebody else may have written.
CaseResult hostile_case(CaseResult one, const std::string& text) {
  one.id += text;
  one.axes = {{"hypervisor.lro", text}, {text, text}};
  one.reason = text;
  one.device = text;
  one.folder += text;
  one.leg += text;
  one.digest = text;
  one.lab = {text, 1};
  one.artifacts.push_back(text);
  for (Finding& finding : one.findings) {
    finding.text = text;
    finding.device = text;
    finding.frames = {{text, 1, 0.1, text, text}};
  }
  for (auto* leg : {&one.measured, &one.control}) {
    if (!*leg) continue;
    (*leg)->device = text;
    if ((*leg)->capture) (*leg)->capture->evidence[Invariant::bogus_frag_needed] = {{text, 1, 0.1, text, text}};
  }
  if (one.measured) one.devices = {*one.measured, *one.measured};
  if (one.diagnosis) {
    one.diagnosis->what = one.diagnosis->counters = one.diagnosis->cost = text;
    one.diagnosis->remedies = {{text, text}};
  }
  return one;
}

RunResult hostile_run(const std::string& text) {
  RunResult run = sample_run();
  run.name += text;
  run.summary = run.started = run.plan_digest = text;
  run.host = {{"kernel", text}, {text, text}};
  run.image = run.packages = run.host;
  run.labs = {{{text, 1}, run.host, run.image}};
  for (CaseResult& one : run.cases) {
    one.findings.push_back({.invariant = Invariant::family_symmetry, .outcome = Outcome::pass, .warning = true});
    one = hostile_case(one, text);
  }
  return run;
}

CaptureAnswer hostile_answer(const std::string& text) {
  CaptureAnswer answer;
  answer.flow = answer.undecided = text;
  answer.files = answer.assumptions = {text, text};
  answer.findings = hostile_run(text).cases[0].findings;
  answer.outcome = Outcome::fail;
  answer.classes = {FaultClass::lro_orphan_storm};
  answer.diagnoses = {{FaultClass::lro_orphan_storm, *hostile_run(text).cases[0].diagnosis}};
  return answer;
}

std::vector<std::string> reports(const std::string& text) {
  const RunResult run = hostile_run(text);
  std::vector<std::string> all = {console_summary(run, "runs/" + text), console_answer(hostile_answer(text))};
  for (const CaseResult& one : run.cases) {
    all.push_back(console_case(one, Question::healthy, true));
    all.push_back(demo_report(run.cases[0], one).text);
  }
  std::vector<SuiteMember> members = {{"member" + text, run, false, ""}, {"mistaken" + text, {}, true, text}};
  all.push_back(console_suite(suite_result("suite" + text, members), "runs/" + text));
  return all;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream all(text);
  for (std::string line; std::getline(all, line);) lines.push_back(line);
  return lines;
}

TEST(HostileText, ForgesNoLineOfAReport) {
  const auto harmless = reports("x");
  for (const std::string& attack : attacks()) {
    const auto attacked = reports(attack);
    for (std::size_t i = 0; i < harmless.size(); ++i) {
      const auto expected = lines_of(harmless[i]);
      const auto lines = lines_of(attacked[i]);
      ASSERT_EQ(lines.size(), expected.size()) << attacked[i];
      for (std::size_t j = 0; j < lines.size(); ++j) EXPECT_EQ(lines[j][0], expected[j][0]) << lines[j];
    }
  }
  const std::string text = console_case(hostile_case(sample_run().cases[0], attacks()[0]), Question::healthy, true);
  EXPECT_THAT("\n" + text, Not(HasSubstr("\nPASS")));
  EXPECT_THAT(text, HasSubstr("x / PASS  forged-case"));
}

TEST(HostileText, CommandsNoTerminal) {
  for (const std::string& attack : attacks())
    for (const std::string& text : reports(attack)) {
      EXPECT_EQ(text.find_first_of(std::string("\0\a\b\t\r\x01\033\x7f", 8)), std::string::npos) << text;
      EXPECT_EQ(text.find("\xc2\x9b"), std::string::npos);
      EXPECT_EQ(character_that_xml_forbids(text), "");
    }
}

// A string that nothing ends must not take the outcome with it.
TEST(HostileText, HidesNothingBehindIt) {
  RunResult run = hostile_run("x\033]0;");
  EXPECT_THAT(console_summary(run, ""), HasSubstr("\nhypervisor-lrox      fail "));
  EXPECT_THAT(console_case(run.cases[0], Question::healthy, false),
              AllOf(HasSubstr("18 refused"), HasSubstr(" x bogus-frag-needed: x\n")));
  run.name = "s";
  EXPECT_THAT(console_suite(suite_result("suite", {{"m\033]0;", run, false, ""}}), ""),
              ContainsRegex("\nm +hypervisor-lrox .* fail\n"));
}

void expect_text_everywhere(const pugi::xml_node& node) {
  for (const pugi::xml_attribute attribute : node.attributes())
    EXPECT_EQ(character_that_xml_forbids(attribute.value()), "");
  EXPECT_EQ(character_that_xml_forbids(node.value()), "");
  for (const pugi::xml_node child : node.children()) expect_text_everywhere(child);
}

TEST(HostileText, LeavesJunitWellFormed) {
  for (const std::string& attack : attacks()) {
    const std::string xml = junit_xml(hostile_run(attack));
    EXPECT_EQ(character_that_xml_forbids(xml), "") << xml;
    pugi::xml_document document;
    ASSERT_TRUE(document.load_string(xml.c_str()));
    expect_text_everywhere(document);  // a reference, such as &#x1;, is no way around it
    EXPECT_EQ(document.child("testsuite").attribute("tests").as_uint(), 5U);
  }
}

TEST(HostileText, ForgesNoLineInJunit) {
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(junit_xml(hostile_run("x\nfail bogus-frag-needed: forged")).c_str()));
  for (const pugi::xml_node one : document.child("testsuite").children("testcase"))
    for (const std::string& line : lines_of(one.first_child().text().get()))
      EXPECT_NE(line, "fail bogus-frag-needed: forged");
}

void expect_text_everywhere(const nlohmann::json& value) {
  if (value.is_string()) {
    EXPECT_EQ(character_that_xml_forbids(value.get<std::string>()), "");
    EXPECT_EQ(value.get<std::string>().find_first_of("\r\x7f"), std::string::npos);
  }
  for (const auto& [key, one] : value.items()) {
    EXPECT_EQ(character_that_xml_forbids(key), "");
    if (value.is_structured()) expect_text_everywhere(one);
  }
}

TEST(HostileText, LeavesJsonWellFormed) {
  for (const std::string& attack : attacks()) {
    for (const std::string& text : {run_json(hostile_run(attack)), json_answer(hostile_answer(attack))}) {
      EXPECT_EQ(character_that_xml_forbids(text), "");
      EXPECT_NO_THROW(expect_text_everywhere(nlohmann::json::parse(text))) << text;
    }
    EXPECT_NO_THROW(run_from_json(run_json(hostile_run(attack))));
  }
}

}  // namespace
}  // namespace offlab
