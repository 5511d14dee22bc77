// `offlab inspect` asks a machine whose commands are FreeBSD's: programs of those names that print what others
// published.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "folders.h"
#include "lab/program.h"

namespace offlab::test {
namespace {

using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class InspectFreebsd : public testing::Test {
 protected:
  void SetUp() override {
    add("uname", "[ \"$1\" = -s ] && echo FreeBSD || echo FreeBSD 11.2-RELEASE-p10");
    add("kenv", "exit 1");
    add("sysctl", "for name; do case $name in net.*) echo \"$name: 1\" ;; esac; done");
    add("ifconfig", "cat " + source_folder() + "/tests/data/published/pfsense-vtnet-igb-lro.txt");
    // The far end: a login shell that takes one line, and the script on stdin.
    add("ssh", "for word; do :; done; exec sh -c \"$word\"");
  }

  std::string inspect(const std::vector<std::string>& arguments, int status) {
    std::vector<std::string> all = {"inspect"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    Program program(all, {}, {"PATH=" + scratch_.path().string() + ":/usr/bin:/bin"});
    EXPECT_EQ(program.wait(seconds(30)), status);
    return program.output();
  }

 private:
  void add(const std::string& name, const std::string& body) {
    std::ofstream(scratch_ / name) << "#!/bin/sh\n" << body << "\n";
    std::filesystem::permissions(scratch_ / name, std::filesystem::perms::owner_all);
  }

  ScratchFolder scratch_;
};

const auto is_answered = AllOf(HasSubstr("FreeBSD 11.2-RELEASE-p10)"), HasSubstr("not tried on a real FreeBSD"),
                               HasSubstr("vtnet0: LRO is on"), HasSubstr("ifconfig vtnet0 -lro"),
                               Not(HasSubstr("ethtool")), Not(HasSubstr("whether it forwards was not seen")));

TEST_F(InspectFreebsd, HereAndOverSsh) {
  EXPECT_THAT(inspect({"--here"}, 1), is_answered);
  EXPECT_THAT(inspect({"root@router"}, 1), is_answered);
}

TEST_F(InspectFreebsd, IsNotMadeIntoALinuxLab) {
  EXPECT_THAT(inspect({"--here", "--topology", "/nonexistent/gw.toml"}, 2),
              HasSubstr("the routers of a lab run Linux"));
}

}  // namespace
}  // namespace offlab::test
