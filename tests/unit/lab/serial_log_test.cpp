// What a guest's console said, fit for a message.
#include "lab/serial_log.h"

#include <fstream>

#include <gtest/gtest.h>

#include "unit/temp_folder.h"

namespace offlab {
namespace {

std::string tail_of(const std::string& text) {
  const TempFolder folder;
  std::ofstream(folder.path() / "router.serial.log", std::ios::binary) << text;
  return serial_tail(folder.path() / "router.serial.log");
}

TEST(SerialLog, IsTamedBeforeItReachesATerminal) {
  EXPECT_EQ(tame("a\033[31mred\033[0m b"), "ared b");
  EXPECT_EQ(tame("\033]0;title\007text"), "text");
  EXPECT_EQ(tame("\033]0;never ended"), "");
  EXPECT_EQ(tame("x\033"), "x");
  EXPECT_EQ(tame("x\033[12;"), "x");
  EXPECT_EQ(tame("a\r\nb\tc\x7f\x01\b"), "a\nb\tc");
  EXPECT_EQ(tame("\xc3\x9b"), "??");
}

TEST(SerialLog, EndsWithItsLastLines) {
  EXPECT_EQ(tail_of("one\r\ntwo\r\n\r\nthree\r\nfour\r\n"), "'two' / 'three' / 'four'");
  EXPECT_EQ(tail_of(""), "(nothing)");
  EXPECT_EQ(serial_tail("/nowhere/router.serial.log"), "(nothing)");
}

TEST(SerialLog, NamesAPanicThatItsTraceHasPushedAway) {
  EXPECT_EQ(tail_of("[ 1.0] Kernel panic - not syncing: sysrq\r\n a\r\n b\r\n c\r\n"),
            "'Kernel panic - not syncing: sysrq' ... ' a' / ' b' / ' c'");
  EXPECT_EQ(tail_of("[ 1.0] Kernel panic - not syncing: x\n a\n"), "'[ 1.0] Kernel panic - not syncing: x' / ' a'");
  EXPECT_EQ(panic_line("all is well"), "");
}

TEST(SerialLog, ALineWithoutEndIsCut) {
  EXPECT_LT(tail_of(std::string(100000, 'x')).size(), 300U);
}

}  // namespace
}  // namespace offlab
