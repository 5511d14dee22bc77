// A machine is locked, remembered and given back.
#include "machine/borrowed_machines.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "unit/refusal.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// A machine with an MTU, an offload and a lock, that does what its scripts say.
class FakeMachine : public NodeShell {
 public:
  unsigned mtu = 1500;
  bool lro = true;
  std::string boot_id = "b1";
  std::string owner;     // of its lock
  bool is_full = false;  // there is no room for a lock
  bool is_gone = false;  // nothing answers
  bool refuses_mtu = false;
  std::vector<std::string> commands;  // those that change something

  void await(const std::string&, const Deadline&, const std::stop_token&) override {}
  void connect(const std::string&, const Deadline&, const std::stop_token&) override {
    if (is_gone) throw Error("no route to host");
  }
  CommandEnd stream(const std::string&, const std::string& command, const OutputSink& sink, const Deadline&,
                    const std::stop_token&, const std::stop_token&) override {
    if (is_gone) throw Error("the connection is lost");
    const auto [status, output, errors] = answer(command);
    if (!output.empty()) sink(output);
    return {status, errors};
  }

 private:
  CommandResult answer(const std::string& command) {
    if (command.find("==> boot_id <==") != std::string::npos)
      return {0,
              "==> boot_id <==\n" + boot_id + "\n==> ethtool -k lan <==\nFeatures for lan:\nlarge-receive-offload: " +
                  (lro ? "on" : "off") + "\n==> mtu lan <==\n" + std::to_string(mtu) + "\n==> end <==\n",
              ""};
    if (command.find("$(mkdir $d 2>&1)") != std::string::npos) {
      if (!owner.empty()) return {75, owner + "\n", ""};
      if (is_full) return {1, "", "mkdir: can't create directory '/run/offlab.lock': No space left on device\n"};
      const auto begin = command.find('\'') + 1;
      owner = command.substr(begin, command.find('\'', begin) - begin);
      return {0, "", ""};
    }
    if (command.find("rm -r $d") != std::string::npos) {
      const auto begin = command.find("'^") + 2;
      if (owner.starts_with(command.substr(begin, command.find(' ', begin) + 1 - begin))) owner.clear();
      return {0, "", ""};
    }
    commands.push_back(command);
    if (command.starts_with("ip link set dev lan mtu ")) {
      if (refuses_mtu) return {2, "", "RTNETLINK answers: Invalid argument\n"};
      mtu = static_cast<unsigned>(std::stoul(command.substr(24)));
      lro = false;  // it comes up anew
    }
    if (command.starts_with("ethtool -K lan large-receive-offload ")) lro = command.ends_with("on");
    return {0, "", ""};
  }
};

class Notes : public Observer {
 public:
  void on(const Event& event) override {
    if (const auto* note = std::get_if<event::Note>(&event.what)) texts.push_back(note->text);
  }
  std::vector<std::string> texts;
};

class BorrowedMachinesTest : public testing::Test {
 protected:
  BorrowedMachinesTest() {
    router_.name = "router";
    router_.existing = MachineLogin{};
    router_.existing->address = "192.0.2.1";
    router_.switched = {{"lan"}, {"lan"}, {}};
  }
  ~BorrowedMachinesTest() override { fs::remove_all(folder_); }

  std::unique_ptr<BorrowedMachines> borrow() {
    auto borrowed = std::make_unique<BorrowedMachines>(machine_, clock_, notes_, folder_, "run-1");
    borrowed->begin({router_}, {});
    return borrowed;
  }

  std::vector<Recovery> recover() {
    std::vector<std::string> damaged;
    return recover_machines(
        folder_, [&](const std::string&, const MachineLogin&) { return std::make_unique<Forward>(machine_); }, clock_,
        damaged, {});
  }

  // Runs end without their destructors.
  void kill(std::unique_ptr<BorrowedMachines> run) {
    machine_.is_gone = true;
    run.reset();
    machine_.is_gone = false;
    notes_.texts.clear();
  }

  class Forward : public NodeShell {
   public:
    explicit Forward(NodeShell& to) : to_(to) {}
    void await(const std::string& n, const Deadline& d, const std::stop_token& s) override { to_.await(n, d, s); }
    void connect(const std::string& n, const Deadline& d, const std::stop_token& s) override { to_.connect(n, d, s); }
    CommandEnd stream(const std::string& n, const std::string& c, const OutputSink& o, const Deadline& d,
                      const std::stop_token& s, const std::stop_token& e) override {
      return to_.stream(n, c, o, d, s, e);
    }

   private:
    NodeShell& to_;
  };

  const fs::path folder_ = fs::temp_directory_path() / ("offlab-borrowed-" + std::to_string(getpid()));
  FakeMachine machine_;
  Notes notes_;
  SteadyClock clock_;
  NodePlan router_;
};

TEST_F(BorrowedMachinesTest, WhatWasSwitchedComesBackAlsoWhatANicChangedByItself) {
  {
    const auto run = borrow();
    EXPECT_THAT(machine_.owner, HasSubstr("offlab run run-1 of "));
    machine_.mtu = 9000;
    machine_.lro = false;
  }
  EXPECT_EQ(machine_.mtu, 1500U);
  EXPECT_TRUE(machine_.lro);
  EXPECT_EQ(machine_.owner, "");
  EXPECT_THAT(notes_.texts, IsEmpty());
  EXPECT_THAT(recover(), IsEmpty());
}

TEST_F(BorrowedMachinesTest, NothingIsDoneWhereNothingWasSwitched) {
  borrow().reset();
  EXPECT_THAT(machine_.commands, IsEmpty());
}

TEST_F(BorrowedMachinesTest, AMachineInUseIsRefusedWithItsOwnerAndTheLockStays) {
  machine_.owner = "ffff offlab run other of ann@lab, since 2026-11-30 06:00:00 UTC";
  EXPECT_EQ(refusal([&] { borrow(); }),
            "'router' is in use by offlab run other of ann@lab, since 2026-11-30 06:00:00 UTC");
  EXPECT_NE(machine_.owner, "");
  EXPECT_THAT(recover(), IsEmpty());
}

TEST_F(BorrowedMachinesTest, AMachineWithoutRoomForALockIsNotInUse) {
  machine_.is_full = true;
  EXPECT_EQ(refusal([&] { borrow(); }),
            "'router' cannot be locked: mkdir: can't create directory '/run/offlab.lock': No space left on device");
  EXPECT_THAT(recover(), IsEmpty());
}

TEST_F(BorrowedMachinesTest, TheNextStartPutsBackWhatAKilledRunHasLeft) {
  auto run = borrow();
  machine_.lro = false;
  kill(std::move(run));
  EXPECT_NE(machine_.owner, "");
  const auto all = recover();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_THAT(describe(all[0]), AllOf(HasSubstr("'router' (192.0.2.1), left by run run-1"), HasSubstr("as it was")));
  EXPECT_TRUE(machine_.lro);
  EXPECT_EQ(machine_.owner, "");
  EXPECT_THAT(recover(), IsEmpty());
}

TEST_F(BorrowedMachinesTest, ALostConnectionIsTold) {
  auto run = borrow();
  machine_.lro = false;
  machine_.is_gone = true;
  run.reset();
  EXPECT_THAT(notes_.texts, Contains(AllOf(HasSubstr("could not be given back"), HasSubstr("no route to host"))));
  EXPECT_THAT(recover()[0].trouble, HasSubstr("no route to host"));
  machine_.is_gone = false;
  EXPECT_EQ(recover()[0].trouble, "");
  EXPECT_TRUE(machine_.lro);
}

TEST_F(BorrowedMachinesTest, AfterAnotherBootNothingIsLeftToBePutBack) {
  auto run = borrow();
  kill(std::move(run));
  machine_ = FakeMachine();
  machine_.boot_id = "b2";
  machine_.mtu = 9000;
  EXPECT_THAT(recover(), SizeIs(1));
  EXPECT_EQ(machine_.mtu, 9000U);
  EXPECT_THAT(recover(), IsEmpty());
}

TEST_F(BorrowedMachinesTest, WhatCannotBePutBackIsListedWithItsCommandsAndTheLockStays) {
  auto run = borrow();
  machine_.mtu = 9000;
  machine_.refuses_mtu = true;
  run.reset();
  EXPECT_THAT(notes_.texts,
              Contains(AllOf(HasSubstr("by hand: ip link set dev lan mtu 1500"), HasSubstr("Invalid argument"))));
  EXPECT_NE(machine_.owner, "");
  machine_.refuses_mtu = false;
  EXPECT_THAT(recover(), SizeIs(1));
  EXPECT_EQ(machine_.mtu, 1500U);
}

}  // namespace
}  // namespace offlab
