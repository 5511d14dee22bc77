// junit.xml, as CI servers read it.
#include "report/junit.h"

#include <gtest/gtest.h>
#include <pugixml.hpp>

#include "base/json.h"
#include "sample_run.h"
#include "unit/golden.h"

namespace offlab {
namespace {

pugi::xml_document parsed(const RunResult& run) {
  pugi::xml_document document;
  const auto result = document.load_string(junit_xml(run).c_str());
  EXPECT_TRUE(result) << result.description();
  return document;
}

TEST(Junit, IsPinned) {
  expect_golden("junit.xml", junit_xml(sample_run()));
}

TEST(Junit, CountsEveryCaseOnce) {
  const auto document = parsed(sample_run());
  const pugi::xml_node suite = document.child("testsuite");
  EXPECT_STREQ(suite.attribute("tests").value(), "5");
  EXPECT_STREQ(suite.attribute("failures").value(), "1");
  EXPECT_STREQ(suite.attribute("errors").value(), "2");
  EXPECT_STREQ(suite.attribute("skipped").value(), "1");
  const auto count = [&](const char* element) {
    std::ptrdiff_t found = 0;
    for (const pugi::xml_node one : suite.children("testcase")) found += one.child(element) ? 1 : 0;
    return found;
  };
  EXPECT_EQ(count("failure"), 1);
  EXPECT_EQ(count("error"), 2);
  EXPECT_EQ(count("skipped"), 1);
  EXPECT_EQ(count("system-out"), 1);
}

TEST(Junit, SaysWhatKindOfFailureOrErrorItIs) {
  const auto document = parsed(sample_run());
  const pugi::xml_node suite = document.child("testsuite");
  const auto type = [&](const char* id, const char* element) {
    return std::string(suite.find_child_by_attribute("testcase", "name", id).child(element).attribute("type").value());
  };
  EXPECT_EQ(type("hypervisor-lro", "failure"), "lro-orphan-storm");
  EXPECT_EQ(type("smaller-client-mtu", "error"), "inconclusive");
  EXPECT_EQ(type("router.model=e1000", "error"), "error");
}

TEST(Junit, AFailureWithoutAClassIsStillAFailure) {
  RunResult run = sample_run();
  run.cases[0].fault_class.reset();
  const auto document = parsed(run);
  EXPECT_STREQ(document.child("testsuite").child("testcase").child("failure").attribute("type").value(), "fail");
}

TEST(Junit, KeepsEveryCharacterThatXmlHas) {
  const auto document = parsed(sample_run());
  const pugi::xml_node broken =
      document.child("testsuite").find_child_by_attribute("testcase", "name", "router.model=e1000");
  EXPECT_STREQ(broken.child("error").attribute("message").value(),
               "starting domain 'router': <no \"kernel\"> & no initrd");
}

TEST(Junit, HasNoControlCharacters) {
  RunResult run = sample_run();
  run.cases[0].findings[0].text = std::string("a\0b\x1b[2J\r\n\tc", 11);
  run.cases[3].reason = "x\x08y";
  const std::string text = junit_xml(run);
  EXPECT_EQ(text.find_first_of(std::string("\0\x08\x1b\r", 4)), std::string::npos);
  EXPECT_NE(text.find("ab /  c"), std::string::npos) << text;
  EXPECT_NE(text.find("message=\"xy\""), std::string::npos);
}

// XML is UTF-8; a kernel's log need not be.
TEST(Junit, IsUtf8WhateverTheGuestsSaid) {
  RunResult run = sample_run();
  run.cases[0].findings[0].text = "router: wan: \xff\xfe bad gso";
  EXPECT_NO_THROW(nlohmann::json(junit_xml(run)).dump()) << "not UTF-8";
}

TEST(Junit, MayHaveNoCases) {
  RunResult run = sample_run();
  run.cases.clear();
  const auto document = parsed(run);
  EXPECT_STREQ(document.child("testsuite").attribute("tests").value(), "0");
  EXPECT_FALSE(document.child("testsuite").first_child());
}

}  // namespace
}  // namespace offlab
