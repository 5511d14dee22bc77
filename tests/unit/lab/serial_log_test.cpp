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

TEST(SerialLog, IsCleanBeforeItReachesATerminal) {
  EXPECT_EQ(tail_of("a\033[31mred\033[0m\r\n\033]0;title\007b\tc\r\n\xff\u00e4\r\n"), "'ared' / 'b c' / '?\u00e4'");
  EXPECT_EQ(tail_of(std::string(199, 'x') + "\u00e4"), "'" + std::string(199, 'x') + "?'");  // cut inside a character
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
