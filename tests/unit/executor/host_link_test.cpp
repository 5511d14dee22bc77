// A run and what it hears of a host: from programs of this machine that speak as an agent does, or do not.
#include "executor/host_link.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/temp_folder.h"

namespace offlab {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

const std::string ready = R"({"agent":"ready","protocol":1,"version":"1","images":[]})";

class Link : public testing::Test {
 protected:
  std::unique_ptr<HostLink> to(const std::string& script) {
    return std::make_unique<HostLink>("h1", std::vector<std::string>{"sh", "-c", script}, temp_.path(),
                                      temp_.path() / "log", std::stop_token());
  }
  // Why the host is lost.
  static std::string lost(const std::function<void()>& action) {
    try {
      action();
    } catch (const PlaceLost& error) {
      return error.what();
    }
    return "";
  }
  std::string text_of(const std::string& file) const {
    std::ifstream stream(temp_.path() / file);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  TempFolder temp_;
};

TEST_F(Link, SaysWhoItIsAndHearsWhatIsThere) {
  const auto link = to("read begin; echo \"$begin\" >&2; echo '{\"agent\":\"alive\"}'; echo '" + ready + "'; cat");
  const auto answer = link->begin({.owner = "me", .slot = 2, .slots = 3, .images = {"debian-12/27a0882ddefeb5e5"}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->version, "1");
  EXPECT_EQ(text_of("log"),
            R"({"agent":"begin","images":["debian-12/27a0882ddefeb5e5"],"owner":"me","protocol":1,"slot":2,"slots":3})"
            "\n");
}

TEST_F(Link, AMissingAgentIsNoLoss) {
  EXPECT_FALSE(to("exit 77")->begin({}));
}

TEST_F(Link, WhatEndsSaysItsLastWords) {
  EXPECT_EQ(lost([&] { to("echo 'ssh: no route to host' >&2; exit 255")->begin({}); }),
            "host h1: the connection ended: ssh: no route to host");
}

TEST_F(Link, ARefusalHasItsReason) {
  EXPECT_EQ(
      lost([&] {
        to(R"(read begin; echo '{"agent":"refused","reason":"it is in use by you","remedy":"wait"}'; cat)")->begin({});
      }),
      "host h1: it is in use by you");
}

TEST_F(Link, FilesOfTheRunArriveBeforeWhatIsSaidNext) {
  const auto link = to("read begin; echo '" + ready +
                       R"('; printf '{"agent":"file","path":"cases/01-a/x.txt","bytes":5}\nabc\nd'; )"
                       R"(echo '{"agent":"worker-ended"}'; cat)");
  ASSERT_TRUE(link->begin({}));
  EXPECT_EQ(link->next(Deadline("x", seconds(5))), std::nullopt);
  EXPECT_EQ(text_of("cases/01-a/x.txt"), "abc\nd");
}

TEST_F(Link, AFileThatIsOfNoCaseAndNoLabIsRefused) {
  for (const char* path : {"../x", "/etc/passwd", "cases/../../x", "plan.json", "cases/", "labs/./x"}) {
    const auto link = to("read begin; echo '" + ready + "'; printf '{\"agent\":\"file\",\"path\":\"" + path +
                         "\",\"bytes\":1}\\nx'; cat");
    ASSERT_TRUE(link->begin({}));
    EXPECT_THAT(lost([&] { link->next(Deadline("x", seconds(5))); }), HasSubstr("it sent a file for '")) << path;
  }
}

TEST_F(Link, AnEndInsideOfAFileIsALoss) {
  const auto link =
      to("read begin; echo '" + ready + R"('; printf '{"agent":"file","path":"cases/01-a/x","bytes":9}\nabc')");
  ASSERT_TRUE(link->begin({}));
  EXPECT_EQ(lost([&] { link->next(Deadline("x", seconds(5))); }), "host h1: the stream ended inside of a file");
}

TEST_F(Link, WhoeverIsAliveAndSaysNothingElseMeetsTheDeadline) {
  const auto link = to("read begin; echo '" + ready + R"('; while sleep 0.1; do echo '{"agent":"alive"}'; done)");
  ASSERT_TRUE(link->begin({}));
  try {
    link->next(Deadline("the case", std::chrono::milliseconds(500)));
    FAIL() << "there was nothing to hear";
  } catch (const PlaceLost& error) {
    FAIL() << error.what();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("the case: no answer within"));
  }
}

TEST_F(Link, WhatIsNotPartOfTheProtocolIsALoss) {
  const auto link = to("read begin; echo '" + ready + R"('; echo '{"agent":"begin","owner":1}'; cat)");
  ASSERT_TRUE(link->begin({}));
  EXPECT_THAT(lost([&] { link->next(Deadline("x", seconds(5))); }), HasSubstr("not a message of an agent"));
  EXPECT_THAT(lost([&] { to("echo hello; cat")->begin({}); }), HasSubstr("it said 'hello'"));
  EXPECT_THAT(
      lost([&] { to("echo '{\"agent\":\"ready\",\"protocol\":9,\"version\":\"2\",\"images\":[]}'; cat")->begin({}); }),
      HasSubstr("offlab 2 speaks protocol 9 of agents, this one 1"));
}

TEST_F(Link, ImagesAreSentWithTheirDescriptionLast) {
  const std::filesystem::path image = temp_.path() / "image";
  std::filesystem::create_directories(image);
  for (const char* file : {"image.json", "initrd", "vmlinux"}) std::ofstream(image / file) << file;
  const auto link = to("read begin; echo '" + ready + "'; cat > " + (temp_.path() / "sent").string());
  ASSERT_TRUE(link->begin({}));
  link->send_image("debian-12/0123456789abcdef", image);
  for (int i = 0; i < 100 && text_of("sent").find("image.json\",\"image\"") == std::string::npos; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const std::string sent = text_of("sent");
  EXPECT_LT(sent.find("\"file\":\"initrd\""), sent.find("\"file\":\"vmlinux\"")) << sent;
  EXPECT_LT(sent.find("\"file\":\"vmlinux\""), sent.find("\"file\":\"image.json\"")) << sent;
}

}  // namespace
}  // namespace offlab
