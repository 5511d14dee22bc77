// Guests from their saved state, and what happens when it is of no use.
#include "lab/guest_starter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "fake/fake_world.h"

namespace offlab {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

const char* const guest_name = "router";

// A machine that hears how its guests end, as a lab does.
class StartOfAGuest : public testing::Test {
 protected:
  StartOfAGuest() { listen(); }

  void listen() {
    world.hypervisor.on_stopped([this](const std::string& name, GuestEnd) {
      if (!starter.takes_end_of(name)) ended.push_back(name);
    });
  }
  void bring_up() {
    DomainSpec spec;
    spec.name = guest_name;
    starter.bring_up(spec);
  }
  // From an earlier lab.
  void leave_a_state() {
    bring_up();
    world.hypervisor.on_stopped(nullptr);
    world.hypervisor.destroy(guest_name);
    listen();
    begin = world.clock.seconds();
  }
  std::vector<std::string> notes() const { return world.observer.notes(); }
  event::NodeReady last_ready() const { return world.observer.all<event::NodeReady>().back(); }
  void expect_booted_and_saved_anew(double after_seconds) {
    EXPECT_EQ(last_ready().node, guest_name);
    EXPECT_FALSE(last_ready().restored);
    EXPECT_NEAR(last_ready().seconds, after_seconds, 0.01);
    EXPECT_FALSE(world.hypervisor.find(guest_name).value().restored);
    EXPECT_EQ(world.saved.files.count(guest_name), 1U);
    EXPECT_THAT(ended, IsEmpty());
  }

  FakeWorld world;
  std::stop_source stop;
  GuestStarter starter{world.hypervisor, world.shell, &world.saved, world.observer, world.clock, stop.get_token()};
  std::vector<std::string> ended;  // guests whose end is the lab's
  double begin = 0;
};

TEST_F(StartOfAGuest, ABootedOneIsSavedAndTheNextOneIsRestored) {
  leave_a_state();
  EXPECT_FALSE(last_ready().restored);
  bring_up();
  EXPECT_EQ(last_ready(), (event::NodeReady{guest_name, 0.2, true}));
  EXPECT_TRUE(world.hypervisor.find(guest_name).value().restored);
  EXPECT_THAT(notes(), IsEmpty());
}

TEST_F(StartOfAGuest, AStateThatCannotBeRestoredIsRemovedAndTheGuestBoots) {
  leave_a_state();
  world.hypervisor.cannot_restore = "restoring domain 'router': Invalid argument";
  world.saved.full = "the cache is full";  // so that what is there afterwards is what was there before
  bring_up();
  EXPECT_THAT(notes(), ElementsAre("the saved state of 'router' is of no use (restoring domain 'router': Invalid "
                                   "argument): it is removed, the guest boots",
                                   "the state of 'router' is not saved: the cache is full"));
  EXPECT_EQ(world.saved.files.count(guest_name), 0U);
  EXPECT_FALSE(last_ready().restored);
  EXPECT_NEAR(last_ready().seconds, 4, 0.01);
}

TEST_F(StartOfAGuest, AStateThatIsDamagedIsRemovedAndTheGuestBoots) {
  leave_a_state();
  world.saved.damaged = "router.state: its digest is another one";
  bring_up();
  EXPECT_THAT(notes(), ElementsAre("the saved state of 'router' is of no use (router.state: its digest is another "
                                   "one): it is removed, the guest boots"));
  expect_booted_and_saved_anew(4);
}

TEST_F(StartOfAGuest, ARestoredOneThatDoesNotAnswerIsEndedAndBoots) {
  leave_a_state();
  world.shell.restore_time = hours(1);
  bring_up();
  EXPECT_THAT(notes(),
              ElementsAre("the saved state of 'router' is of no use (ssh on router: the restored guest router: "
                          "no answer within 10 s): it is removed, the guest boots"));
  expect_booted_and_saved_anew(14);
}

TEST_F(StartOfAGuest, ARestoredOneThatDiesBootsAtOnce) {
  leave_a_state();
  world.clock.after(milliseconds(100), [&] { world.hypervisor.end(guest_name, GuestEnd::crashed); });
  bring_up();
  EXPECT_THAT(notes(), ElementsAre("the saved state of 'router' is of no use (the guest ended): it is removed, the "
                                   "guest boots"));
  expect_booted_and_saved_anew(4.1);
}

// Only the attempt to restore it may fail unheard.
TEST_F(StartOfAGuest, TheEndOfOneThatBootedAfterThatIsTheLabs) {
  leave_a_state();
  world.hypervisor.cannot_restore = "restoring domain 'router': Invalid argument";
  bring_up();
  world.hypervisor.end(guest_name, GuestEnd::crashed);
  EXPECT_THAT(ended, ElementsAre(guest_name));
}

TEST_F(StartOfAGuest, TheEndOfOneThatWasRestoredIsTheLabs) {
  leave_a_state();
  bring_up();
  world.hypervisor.end(guest_name, GuestEnd::crashed);
  EXPECT_THAT(ended, ElementsAre(guest_name));
}

TEST_F(StartOfAGuest, OneThatCannotBeSavedGoesOn) {
  world.hypervisor.cannot_save = "saving domain 'router': No space left on device";
  bring_up();
  EXPECT_THAT(notes(), ElementsAre("the state of 'router' is not saved: saving domain 'router': No space left on "
                                   "device"));
  EXPECT_THAT(world.saved.files, IsEmpty());
  EXPECT_EQ(last_ready(), (event::NodeReady{guest_name, 4, false}));
}

// The fall-back has the whole time of a boot, and its failure is a failure.
TEST_F(StartOfAGuest, OneThatDoesNotBootEitherIsAnError) {
  leave_a_state();
  world.shell.never_up = {guest_name};
  try {
    bring_up();
    FAIL() << "it came up";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "ssh on router: boot of router: no answer within 90 s");
  }
  EXPECT_NEAR(world.clock.seconds() - begin, 100, 0.1);
  EXPECT_THAT(world.saved.files, IsEmpty());
}

TEST_F(StartOfAGuest, AStopInARestoreSaysNothingAgainstTheState) {
  leave_a_state();
  world.shell.restore_time = hours(1);
  world.clock.after(seconds(1), [&] { stop.request_stop(); });
  EXPECT_THROW(bring_up(), Interrupted);
  EXPECT_THAT(notes(), IsEmpty());
  EXPECT_EQ(world.saved.files.count(guest_name), 1U);
}

}  // namespace
}  // namespace offlab
