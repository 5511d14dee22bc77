// Scripts for guests, in a real shell.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/read_file.h"
#include "lab/guest_values.h"
#include "measure/sections.h"
#include "process/subprocess.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

struct Ran {
  int exit_status = -1;
  std::string output;  // with what it says of errors
};

Ran run(const std::string& script) {
  const ProgramResult ran =
      run_program({"bash", "-c", "exec 2>&1\n" + script}, Deadline("a script", std::chrono::seconds(10)));
  return {ran.exit_status, ran.output};
}

class GuestScript : public testing::Test {
 protected:
  GuestScript() { std::ofstream(file_.path) << "4096\t87380\t6291456\n"; }

  std::string content() const { return read_whole_file(file_.path); }

  TempFolder folder_;
  GuestFile file_{"sysctl net.ipv4.tcp_rmem", (folder_.path() / "tcp_rmem").string()};
  GuestValues values_;
};

TEST_F(GuestScript, ShowsWhatWasThereSetsAndPutsBack) {
  for (const std::string text : {"1 2 3", "it's $HOME; `touch x` > y", "-n", "%s\\n", ""}) {
    const step::SetValue set{file_, text};
    const Ran ran = run(values_.script("server", set));
    EXPECT_EQ(ran.exit_status, 0) << ran.output;
    values_.learn("server", {set}, ran.output, true);
    EXPECT_EQ(content(), text + "\n");
    EXPECT_EQ(values_.before("server").at(file_), "4096\t87380\t6291456");
    EXPECT_EQ(parse_sections(run(read_value(file_) + "echo '==> end <=='").output).at(file_.name), text + "\n");
  }
  EXPECT_EQ(run(values_.script("server", {file_, std::nullopt})).exit_status, 0);
  EXPECT_EQ(content(), "4096\t87380\t6291456\n");
}

TEST_F(GuestScript, SaysThatThereIsNoSuchFile) {
  std::filesystem::remove(file_.path);
  const Ran ran = run(values_.script("server", {file_, "8"}));
  EXPECT_EQ(ran.exit_status, refused_status);
  EXPECT_EQ(ran.output, "there is no sysctl net.ipv4.tcp_rmem\n");
  EXPECT_FALSE(std::filesystem::exists(file_.path));
}

TEST_F(GuestScript, SaysThatAValueIsNotTaken) {
  const step::SetValue set{file_, "8"};
  values_.learn("server", {set}, run(values_.script("server", set)).output, true);
  std::filesystem::remove(file_.path);
  std::filesystem::create_symlink("/proc/version", file_.path);
  const Ran ran = run(values_.script("server", set));
  EXPECT_EQ(ran.exit_status, refused_status);
  EXPECT_EQ(ran.output, "sysctl net.ipv4.tcp_rmem did not take \"8\"\n");
  EXPECT_EQ(run(values_.script("server", {file_, std::nullopt})).exit_status, 1);  // to put back is nobody's wish
}

TEST_F(GuestScript, PutsNothingBackThatIsAsItWas) {
  const step::SetValue set{file_, "8"};
  values_.learn("server", {set}, run(values_.script("server", set)).output, true);
  std::ofstream(file_.path) << "4096\t87380\t6291456\n";
  std::filesystem::permissions(file_.path, std::filesystem::perms::owner_read);
  const auto written = std::filesystem::last_write_time(file_.path);
  EXPECT_EQ(run(values_.script("server", {file_, std::nullopt})).exit_status, 0);
  EXPECT_EQ(std::filesystem::last_write_time(file_.path), written);
}

}  // namespace
}  // namespace offlab
