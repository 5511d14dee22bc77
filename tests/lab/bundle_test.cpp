// A fault handed over: recorded, bundled, and seen again by offlab and by plain QEMU.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/host_name.h"
#include "lab/staying_lab.h"
#include "process/subprocess.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Bundles : public StayingLab {
 protected:
  static int run_shell(const std::string& command) {
    return run_program({"bash", "-c", command}, Deadline("bash", std::chrono::seconds(400))).exit_status;
  }

  // What the bundle's script prints.
  std::string reproduced(const fs::path& bundle) const {
    const std::string script =
        "cd " + scratch_.path().string() + " && " + (bundle / "reproduce.sh").string() + " -o plain > plain.txt 2>&1";
    EXPECT_EQ(run_shell(script), 0);
    return read_text(scratch_ / "plain.txt");
  }

  ScratchFolder scratch_;
  fs::path run_ = scratch_ / "run";
};

TEST_F(Bundles, AStormIsSeenAgainByOfflabAndByPlainQemu) {
  ASSERT_EQ(
      ask({"run", topologies + "hazards/h01-lro-orphan-storm.toml", "--out", run_, "--duration", "2"}, 200).status, 1);
  const fs::path bundle = scratch_ / "storm.bundle";
  const Answer made = ask({"bundle", run_, "--out", bundle}, 60);
  ASSERT_EQ(made.status, 0) << made.output;
  EXPECT_EQ(run_shell("cd " + bundle.string() + " && sha256sum --quiet --check SHA256SUMS"), 0);

  const Answer captures =
      ask({"analyze", bundle / "captures/router-wan.pcapng", bundle / "captures/router-lan.pcapng"}, 20);
  EXPECT_EQ(captures.status, 1);
  EXPECT_THAT(captures.output, HasSubstr("lro-orphan-storm"));

  const Answer again = ask({"replay", bundle, "--out", scratch_ / "replayed"}, 200);
  EXPECT_EQ(again.status, 0) << again.output;
  EXPECT_THAT(again.output, HasSubstr("REPRODUCED: lro-orphan-storm"));

  EXPECT_THAT(reproduced(bundle), HasSubstr("reproduced: lro-orphan-storm"));
  EXPECT_EQ(host_state(), before_);
}

// The sender of a BSD-derived stack is compiled from the bundle's sources.
TEST_F(Bundles, ABackgroundLoadRunsBesidePlainQemu) {
  ASSERT_EQ(ask({"run", topologies + "many-clients.toml", "--case", "starved-by-another", "--out", run_}, 200).status,
            1);
  const fs::path bundle = scratch_ / "load.bundle";
  ASSERT_EQ(ask({"bundle", run_, "--out", bundle}, 60).status, 0);
  EXPECT_THAT(reproduced(bundle), HasSubstr("reproduced: unknown"));
  EXPECT_THAT(read_text(scratch_ / "plain/case/load-listener.txt"), HasSubstr(R"("end": "signal")"));
  EXPECT_EQ(host_state(), before_);
}

TEST_F(Bundles, NoSecretIsInOne) {
  ASSERT_EQ(ask({"run", topologies + "demo.toml", "--case", "broken", "--out", run_, "--duration", "1"}, 200).status,
            1);
  const fs::path bundle = scratch_ / "demo.bundle";
  ASSERT_EQ(ask({"bundle", run_, "--out", bundle}, 60).status, 0);
  ASSERT_TRUE(fs::is_directory(cache_ / "keys"));
  for (const std::string secret : {"PRIVATE KEY", "BEGIN OPENSSH"})
    EXPECT_EQ(run_shell("grep --recursive --fixed-strings --quiet -- '" + secret + "' " + bundle.string()), 1)
        << secret;
  // As a word ("vm" is in "vmxnet3"); a short one is in packets by chance.
  const std::string words = host_name().size() < 6 ? "--word-regexp -I" : "--word-regexp";
  EXPECT_EQ(
      run_shell("grep --recursive --fixed-strings --quiet " + words + " -- '" + host_name() + "' " + bundle.string()),
      1)
      << host_name();
  // No line of any of the lab's keys.
  EXPECT_EQ(run_shell("grep --recursive --fixed-strings --quiet --file=<(cat " + (cache_ / "keys").string() +
                      "/* 2> /dev/null | grep -x '.\\{40,\\}') " + bundle.string()),
            1);
}

}  // namespace
}  // namespace offlab::test
