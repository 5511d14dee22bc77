// The libvirt adapter against libvirt's own in-process test driver.
#include "libvirt/libvirt_hypervisor.h"

#include <chrono>
#include <condition_variable>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "folders.h"
#include "lab/program.h"

namespace offlab::test {
namespace {

class Notes : public Observer {
 public:
  void on(const Event& event) override {
    if (const auto* note = std::get_if<event::Note>(&event.what)) text += note->text + "\n";
  }
  std::string text;
};

DomainSpec router() {
  DomainSpec spec;
  spec.name = "router";
  spec.kernel = "/boot/vmlinux";
  spec.initrd = "/boot/initrd";
  spec.serial_log = "/tmp/serial.log";
  return spec;
}

// A guest that does not run has no processor time.
bool is_running(LibvirtHypervisor& hypervisor) {
  try {
    hypervisor.cpu_seconds("router");
    return true;
  } catch (const Error&) {
    return false;
  }
}

TEST(LibvirtHypervisor, AGuestIsStartedSeenAndEnded) {
  Notes notes;
  LibvirtHypervisor hypervisor("test:///default", "/nonexistent", notes);
  std::mutex mutex;
  std::condition_variable told;
  std::string stopped;
  hypervisor.on_stopped([&](const std::string& name, GuestEnd) {
    const std::lock_guard lock(mutex);
    stopped = name;
    told.notify_all();
  });
  EXPECT_FALSE(is_running(hypervisor));
  hypervisor.start(router());
  EXPECT_TRUE(is_running(hypervisor));
  hypervisor.destroy("router");
  EXPECT_FALSE(is_running(hypervisor));
  std::unique_lock lock(mutex);
  EXPECT_TRUE(told.wait_for(lock, std::chrono::seconds(5), [&] { return stopped == "router"; }));
}

TEST(LibvirtHypervisor, AGuestThatExistsIsAnErrorThatNamesIt) {
  Notes notes;
  LibvirtHypervisor hypervisor("test:///default", "/nonexistent", notes);
  hypervisor.start(router());
  try {
    hypervisor.start(router());
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::StartsWith("starting domain 'router': "));
  }
  EXPECT_THAT(notes.text, testing::HasSubstr("libvirt: "));
  hypervisor.destroy("router");
}

TEST(LibvirtHypervisor, AStateThatIsNotThereIsAnErrorThatNamesTheGuest) {
  Notes notes;
  LibvirtHypervisor hypervisor("test:///default", "/nonexistent", notes);
  try {
    hypervisor.restore(router(), "/nonexistent/state");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::StartsWith("opening /nonexistent/state: "));
  }
  EXPECT_FALSE(is_running(hypervisor));
}

// libvirt runs the program that a saved guest's description names, to find out what it can do.
TEST(LibvirtHypervisor, AStateWithAnotherDescriptionIsNotGivenToLibvirt) {
  Notes notes;
  LibvirtHypervisor hypervisor("test:///default", "/nonexistent", notes);
  const std::string file = tests_folder() + "/data/saved-guest/head";
  try {
    hypervisor.restore(router(), file);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()),
              "restoring domain 'router': " + file + " has another description than offlab's");
  }
  EXPECT_EQ(notes.text, "");
  EXPECT_FALSE(is_running(hypervisor));
}

TEST(LibvirtHypervisor, EndingAGuestThatIsGoneIsNoNews) {
  Notes notes;
  LibvirtHypervisor hypervisor("test:///default", "/nonexistent", notes);
  hypervisor.destroy("nobody");
  EXPECT_EQ(notes.text, "");
}

TEST(LibvirtHypervisor, AConnectionThatFailsNamesTheUri) {
  Notes notes;
  try {
    LibvirtHypervisor("test:///nonexistent/file.xml", "/nonexistent", notes);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("test:///nonexistent/file.xml"));
  }
}

TEST(LibvirtHypervisor, VersionsAreKnown) {
  Notes notes;
  LibvirtHypervisor hypervisor("test:///default", "/nonexistent", notes);
  EXPECT_THAT(hypervisor.versions().at("libvirt"), testing::MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+"));
}

}  // namespace
}  // namespace offlab::test
