// Names, locks and memory of labs that stay, with real files and processes.
#include "cache/lab_registry.h"

#include <csignal>
#include <fstream>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "cache/memory_reservation.h"
#include "lab/program.h"
#include "process/control_socket.h"

namespace offlab::test {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint64_t mebibyte = 1024 * 1024;

// A process that holds what it inherited until it is killed.
class Holder {
 public:
  Holder() : pid_(fork()) {
    if (pid_ != 0) return;
    while (true) pause();
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  ~Holder() { end(); }
  void end() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  pid_t pid_;
};

class Registry : public testing::Test {
 protected:
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const RegisteredLab& lab : registry_.labs()) all.push_back(lab.name + (lab.alive ? "" : " dead"));
    return all;
  }
  ScratchFolder cache_;
  LabRegistry registry_{cache_.path()};
};

TEST_F(Registry, ANameIsTakenAsLongAsItsHolderLives) {
  auto claim = registry_.claim("demo");
  ASSERT_TRUE(claim.has_value());
  EXPECT_FALSE(registry_.claim("demo").has_value());
  EXPECT_TRUE(registry_.is_alive("demo"));
  claim.reset();
  EXPECT_FALSE(registry_.is_alive("demo"));
  EXPECT_TRUE(registry_.claim("demo").has_value());
}

TEST_F(Registry, AForkedSupervisorHoldsTheNameUntilItIsKilled) {
  auto claim = registry_.claim("demo");
  LabEntry entry;
  entry.name = "demo";
  registry_.write(entry);
  Holder supervisor;
  claim.reset();
  EXPECT_TRUE(registry_.is_alive("demo"));
  EXPECT_THAT(registry_.remove_dead(), ElementsAre());
  supervisor.end();
  EXPECT_THAT(names(), ElementsAre("demo dead"));
  EXPECT_THAT(registry_.remove_dead(), ElementsAre("demo"));
  EXPECT_THAT(names(), ElementsAre());
}

TEST_F(Registry, AClaimWhoseHolderWasKilledBeforeItWasALabIsGone) {
  auto claim = registry_.claim("demo");
  Holder supervisor;
  claim.reset();
  EXPECT_THAT(names(), ElementsAre("demo"));
  supervisor.end();
  EXPECT_THAT(names(), ElementsAre());
  EXPECT_FALSE(std::filesystem::exists(cache_ / "labs/demo"));
}

TEST_F(Registry, TheNextLabOfAFileGetsTheNextName) {
  const LabClaim first = registry_.claim_like("demo");
  const LabClaim second = registry_.claim_like("demo");
  auto third = std::make_unique<LabClaim>(registry_.claim_like("demo"));
  EXPECT_EQ(first.name, "demo");
  EXPECT_EQ(second.name, "demo-2");
  EXPECT_EQ(third->name, "demo-3");
  third.reset();
  EXPECT_EQ(registry_.claim_like("demo").name, "demo-3");
}

TEST_F(Registry, ANewLabStartsInAnEmptyFolder) {
  {
    const auto claim = registry_.claim("demo");
    std::ofstream(claim->folder / "old.log") << "old";
  }
  const auto claim = registry_.claim("demo");
  EXPECT_FALSE(std::filesystem::exists(claim->folder / "old.log"));
}

TEST_F(Registry, AnEntryIsReadBackAndADamagedOneIsNone) {
  const auto claim = registry_.claim("demo");
  LabEntry entry;
  entry.name = "demo";
  entry.supervisor = {42, 7};
  registry_.write(entry);
  EXPECT_EQ(registry_.read("demo").supervisor, (ProcessId{42, 7}));
  std::ofstream(claim->folder / "lab.json") << "{";
  EXPECT_FALSE(registry_.labs().front().entry.has_value());
  EXPECT_TRUE(registry_.labs().front().alive);
}

TEST_F(Registry, NamesAreFitForFolders) {
  for (const char* good : {"demo", "a.b_c-2", "X"}) EXPECT_TRUE(is_lab_name(good)) << good;
  for (const char* bad : {"", ".", "..", ".lock", "-x", "a/b", "a b"}) EXPECT_FALSE(is_lab_name(bad)) << bad;
  EXPECT_EQ(lab_name_from("My lab/1"), "My-lab-1");
  EXPECT_EQ(lab_name_from("..."), "lab");
  EXPECT_TRUE(is_lab_name(lab_name_from(std::string(500, 'x')) + "-999"));
}

TEST_F(Registry, MemoryIsRefusedWithTheNamesOfThoseWhoHaveIt) {
  const ByteCount host{10000 * mebibyte};
  const MemoryReservation first(cache_.path(), {"lab 'a'", {5000 * mebibyte}}, host);
  try {
    const MemoryReservation second(cache_.path(), {"lab 'b'", {5000 * mebibyte}}, host);
    FAIL() << "more than there is was reserved";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "lab 'b' needs 5000 MiB of memory, 4000 MiB of 9000 MiB are free for labs; lab 'a' has 5000 MiB");
    EXPECT_THAT(error.remedy(), HasSubstr("offlab down"));
  }
  const MemoryReservation third(cache_.path(), {"lab 'c'", {4000 * mebibyte}}, host);
  EXPECT_EQ(memory_claims(cache_.path()).size(), 2U);
}

TEST_F(Registry, MemoryOfTheDeadIsFree) {
  pid_t holder = fork();
  if (holder == 0) {
    const MemoryReservation all(cache_.path(), {"lab 'a'", {9000 * mebibyte}}, {10000 * mebibyte});
    raise(SIGKILL);
  }
  waitpid(holder, nullptr, 0);
  EXPECT_FALSE(std::filesystem::is_empty(cache_ / "memory"));
  EXPECT_THAT(memory_claims(cache_.path()), ElementsAre());
  { const MemoryReservation all(cache_.path(), {"lab 'b'", {9000 * mebibyte}}, {10000 * mebibyte}); }
  EXPECT_THAT(memory_claims(cache_.path()), ElementsAre());
}

TEST_F(Registry, ARequestComesWholeWithItsFolder) {
  // Longer than a socket's name may be.
  const std::filesystem::path folder = cache_ / std::string(120, 'x');
  std::filesystem::create_directories(folder);
  const ControlListener listener(folder);
  const UniqueFd client = connect_control(folder);
  const UniqueFd server = listener.accept({});
  const UniqueFd passed(open(cache_.path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  const std::string line(100000, 'x');
  send_request(client, line, passed.get(), Deadline("sending", seconds(5)), {});
  const ControlRequest request = receive_request(server, Deadline("a request", seconds(5)), {});
  EXPECT_EQ(request.text, line);
  ASSERT_TRUE(static_cast<bool>(request.folder));
  EXPECT_TRUE(std::filesystem::equivalent("/proc/self/fd/" + std::to_string(request.folder.get()), cache_.path()));
}

TEST_F(Registry, ARequestThatIsCutShortIsAnError) {
  const ControlListener listener(cache_.path());
  UniqueFd client = connect_control(cache_.path());
  const UniqueFd server = listener.accept({});
  ASSERT_EQ(write(client.get(), "{\"req", 5), 5);
  client.reset();
  EXPECT_THROW(receive_request(server, Deadline("a request", seconds(5)), {}), Error);
  EXPECT_THROW(connect_control(cache_ / "nowhere"), Error);
}

}  // namespace
}  // namespace offlab::test
