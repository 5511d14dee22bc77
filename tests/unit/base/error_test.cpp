// Errors collect a frame on each layer that they pass.
#include "base/error.h"

#include <cerrno>

#include <gtest/gtest.h>

#include "base/usage_error.h"

namespace offlab {
namespace {

TEST(Error, HasItsMessageAndRemedy) {
  const Error error("no /dev/net/tun", "load the module tun");
  EXPECT_STREQ(error.what(), "no /dev/net/tun");
  EXPECT_EQ(error.remedy(), "load the module tun");
  EXPECT_EQ(Error("no").remedy(), "");
}

TEST(Error, PutsTheOuterFrameFirst) {
  Error error("refused");
  error.add_frame("domain 'router'");
  error.add_frame("starting the lab");
  EXPECT_STREQ(error.what(), "starting the lab: domain 'router': refused");
}

TEST(Error, NamesTheActionAndTheSystemsReason) {
  EXPECT_STREQ(system_error("opening x", ENOENT).what(), "opening x: No such file or directory");
  errno = EACCES;
  EXPECT_STREQ(system_error("opening y").what(), "opening y: Permission denied");
}

// What libvirt, QEMU or a guest said is part of many.
TEST(Error, IsOneCleanLineWhateverItQuotes) {
  Error error("qemu: \033[2Jno\nPASS  forged-case\xff\n", "try\033]0;title\007 it\nagain");
  error.add_frame("node '\033[31mr\nx'");
  EXPECT_STREQ(error.what(), "node 'r / x': qemu: no / PASS  forged-case?");
  EXPECT_EQ(error.remedy(), "try it / again");
}

TEST(UsageError, IsCleanTextOfSeveralLines) {
  EXPECT_STREQ(UsageError("error: a\033[31m\n  hint: b\u009b2J\n").what(), "error: a\n  hint: b\n");
  try {
    as_usage([] { throw Error("no\nerror: b", "c\nd"); });
    FAIL() << "no UsageError came through";
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "error: no / error: b\n  remedy: c / d\n");
  }
}

TEST(WithFrame, AddsItsFrameAndKeepsTheRemedy) {
  try {
    with_frame("starting the lab", [] { with_frame("domain 'router'", [] { throw Error("refused", "try again"); }); });
    FAIL() << "no Error came through";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "starting the lab: domain 'router': refused");
    EXPECT_EQ(error.remedy(), "try again");
  }
}

TEST(WithFrame, GivesBackWhatTheBodyGives) {
  EXPECT_EQ(with_frame("counting", [] { return 7; }), 7);
  int value = 1;
  with_frame("by reference", [&]() -> int& { return value; }) = 2;
  EXPECT_EQ(value, 2);
}

TEST(WithFrame, LetsAnInterruptionThroughUnchanged) {
  EXPECT_THROW(with_frame("waiting", []() -> void { throw Interrupted(); }), Interrupted);
}

}  // namespace
}  // namespace offlab
