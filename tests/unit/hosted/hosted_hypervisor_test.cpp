// Guests under names and with files that the host's libvirtd knows.
#include "hosted/hosted_hypervisor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/read_file.h"
#include "fake/fake_hypervisor.h"
#include "unit/refusal.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class HostedGuests : public testing::Test {
 protected:
  HostedGuests() {
    fs::create_directories(inner_ / "logs");
    write_file(inner_ / "images/debian-12/vmlinux", "kernel");
    write_file(inner_ / "images/debian-12/initrd", "initrd");
  }

  HostedPlaces places() const {
    return {.folders = {{inner_ / "images", made_.sub_folder("images"), true},
                        {inner_ / "keys", made_.sub_folder("keys")},
                        {inner_ / "disks", made_.sub_folder("disks")}},
            .logs = inner_ / "logs",
            .user = getuid(),
            .group = getgid()};
  }
  DomainSpec router() const {
    DomainSpec spec;
    spec.name = "router";
    spec.kernel = inner_ / "images/debian-12/vmlinux";
    spec.initrd = inner_ / "images/debian-12/initrd";
    spec.serial_log = inner_ / "logs/router.serial.log";
    spec.firmware_files = {{"opt/org.offlab/host_key", inner_ / "keys/router/host_key"}};
    spec.nics = {{.bridge = "mgmt", .tap = "mgmt-0", .mac = "52:54:00:4d:00:01", .isolated = true},
                 {.bridge = "wan", .tap = "router-wan", .mac = "52:54:01:00:01:00", .model = NicModel::vmxnet3}};
    return spec;
  }
  DomainSpec started(const std::string& name) const {
    const auto guest = libvirt_.find(hosted_.outer_name(name));
    return guest ? guest->spec : DomainSpec{};
  }

  TempFolder folder_;
  fs::path inner_ = folder_.path() / "lab";
  MadeLab made_{folder_.path() / "host", {{}, "qemu:///system", "run x", "now"}};
  FakeClock clock_;
  FakeTaps taps_;
  FakeHypervisor libvirt_{clock_, taps_};
  HostedHypervisor hosted_{libvirt_, made_, places(), [](const std::string& name) { return "uuid of " + name; }};
};

TEST_F(HostedGuests, HaveNamesThatNobodyElseHas) {
  hosted_.start(router());
  const DomainSpec spec = started("router");
  EXPECT_EQ(spec.name, "offlab-" + made_.uuid().substr(0, 8) + "-router");
  ASSERT_EQ(spec.nics.size(), 2U);
  EXPECT_EQ(spec.nics[0].tap, "ol" + made_.uuid().substr(0, 8) + "n0");
  EXPECT_EQ(spec.nics[1].tap, "ol" + made_.uuid().substr(0, 8) + "n1");
  EXPECT_LT(spec.nics[1].tap.size(), 16U);
}

TEST_F(HostedGuests, AreJoinedToNothingOnTheHost) {
  hosted_.start(router());
  for (const DomainNic& nic : started("router").nics) EXPECT_EQ(nic.bridge, "");
  EXPECT_EQ(hosted_.nic_of(started("router").nics[0].tap), router().nics[0]);
  EXPECT_EQ(hosted_.nic_of(started("router").nics[1].tap), router().nics[1]);
}

TEST_F(HostedGuests, ReadFilesThatTheHostHas) {
  hosted_.start(router());
  const DomainSpec spec = started("router");
  EXPECT_EQ(spec.kernel, made_.sub_folder("images") / "debian-12/vmlinux");
  EXPECT_EQ(read_whole_file(spec.kernel), "kernel");
  EXPECT_EQ(read_whole_file(spec.initrd), "initrd");
  EXPECT_EQ(spec.firmware_files.at("opt/org.offlab/host_key"), made_.sub_folder("keys") / "router/host_key");
}

TEST_F(HostedGuests, WithADiskHaveTheirOverlayThere) {
  write_file(inner_ / "images/my/disk.qcow2", "disk");
  DomainSpec spec = router();
  spec.kernel.clear();
  spec.initrd.clear();
  spec.disk = DomainDisk{.file = inner_ / "images/my/disk.qcow2", .overlay = inner_ / "disks/router/overlay.qcow2"};
  hosted_.start(spec);
  const DomainDisk disk = started("router").disk.value();
  EXPECT_EQ(disk.overlay, made_.sub_folder("disks") / "router/overlay.qcow2");
  EXPECT_EQ(read_whole_file(disk.file), "disk");
  EXPECT_EQ(disk.seed, "");
}

TEST_F(HostedGuests, AreInTheJournalBeforeTheyStart) {
  libvirt_.refuses[hosted_.outer_name("router")] = "no";
  EXPECT_THAT(refusal([&] { hosted_.start(router()); }), HasSubstr("no"));
  const MadeRecord record = made_record_from_json(read_whole_file(made_.folder() / "journal.json"));
  const std::string name = hosted_.outer_name("router");
  EXPECT_THAT(record.domains, ElementsAre(OwnedDomain{name, "uuid of " + name, made_.uuid()}));
  EXPECT_THAT(record.starting, IsEmpty()) << "libvirtd has answered";
}

class LibvirtOnAFullDisk : public FakeHypervisor {
 public:
  using FakeHypervisor::FakeHypervisor;
  fs::path labs;
  void start(const DomainSpec&) override {
    fs::remove_all(labs);  // the journal cannot be written any more
    throw Error("no space left for the domain");
  }
};

TEST_F(HostedGuests, AJournalThatCannotBeWrittenDoesNotHideWhyAStartFailed) {
  LibvirtOnAFullDisk libvirt(clock_, taps_);
  libvirt.labs = folder_.path() / "host";
  HostedHypervisor hosted(libvirt, made_, places(), [](const std::string& name) { return name; });
  EXPECT_THAT(refusal([&] { hosted.start(router()); }), HasSubstr("no space left for the domain"));
}

TEST_F(HostedGuests, AreStartingOnlyUntilLibvirtdHasAnswered) {
  hosted_.start(router());
  EXPECT_THAT(made_record_from_json(read_whole_file(made_.folder() / "journal.json")).starting, IsEmpty());
}

TEST_F(HostedGuests, HaveSerialLogsThatStayWithTheLab) {
  hosted_.start(router());
  const fs::path own = inner_ / "logs/router.serial.log";
  write_file(started("router").serial_log, "Kernel panic");
  EXPECT_EQ(read_whole_file(own), "Kernel panic");
  hosted_.keep_logs();
  made_.close();
  EXPECT_FALSE(fs::is_symlink(own));
  EXPECT_EQ(read_whole_file(own), "Kernel panic");
}

TEST_F(HostedGuests, EndUnderTheNameThatTheLabKnows) {
  std::vector<std::string> ended;
  hosted_.on_stopped([&](const std::string& name, GuestEnd) { ended.push_back(name); });
  hosted_.start(router());
  hosted_.destroy("router");
  EXPECT_THAT(ended, ElementsAre("router"));
  hosted_.on_stopped(nullptr);
}

TEST_F(HostedGuests, KeepTheirTapsWhenTheyStartAgain) {
  hosted_.start(router());
  const std::string tap = started("router").nics[1].tap;
  hosted_.destroy("router");
  hosted_.start(router());
  EXPECT_EQ(started("router").nics[1].tap, tap);
}

TEST_F(HostedGuests, AreNotSaved) {
  EXPECT_THAT(refusal([&] { hosted_.save(router(), "file"); }), HasSubstr("not saved"));
  EXPECT_THAT(refusal([&] { hosted_.restore(router(), "file"); }), HasSubstr("not saved"));
}

TEST_F(HostedGuests, FilesThatTheHostDoesNotKnowAreRefused) {
  DomainSpec spec = router();
  spec.kernel = "/somewhere/vmlinux";
  EXPECT_THAT(refusal([&] { hosted_.start(spec); }), HasSubstr("does not know /somewhere/vmlinux"));
}

}  // namespace
}  // namespace offlab
