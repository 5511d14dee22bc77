// Disks that a recipe names: which are copied, and which are refused. qemu-img's own words are in tests/data/qemu-img.
#include "cache/copy_disk.h"

#include <gtest/gtest.h>

#include "base/read_file.h"
#include "folders.h"
#include "unit/refusal.h"

namespace offlab {
namespace {

std::string info(const std::string& name) {
  return read_whole_file(tests_folder() + "/data/qemu-img/" + name + ".json");
}

std::string sector_with(const std::string& begin) {
  std::string sector = begin;
  sector.resize(512);
  return sector;
}

TEST(CopyDisk, AFormatIsKnownByItsFirstBytes) {
  EXPECT_EQ(disk_format(sector_with("QFI\xfb"), "d"), "qcow2");
  EXPECT_EQ(disk_format(sector_with("KDMV"), "d"), "vmdk");
  std::string boot_record = sector_with("");
  boot_record[510] = '\x55';
  boot_record[511] = '\xaa';
  EXPECT_EQ(disk_format(boot_record, "d"), "raw");
}

TEST(CopyDisk, OtherFormatsAreRefusedByName) {
  EXPECT_EQ(refusal([] { disk_format(sector_with("vhdxfile"), "d.vhdx"); }),
            "d.vhdx is a VHDX disk; qcow2, raw and vmdk are read");
  EXPECT_EQ(refusal([] { disk_format(sector_with("<<< Oracle VM VirtualBox Disk Image >>>"), "d.vdi"); }),
            "d.vdi is a VDI disk; qcow2, raw and vmdk are read");
  EXPECT_EQ(refusal([] { disk_format(sector_with("# Disk DescriptorFile"), "d.vmdk"); }),
            "d.vmdk is a VMDK descriptor, its data are in other files");
  EXPECT_EQ(refusal([] { disk_format(sector_with("#!/bin/sh"), "d"); }),
            "d is no disk: neither qcow2 nor vmdk, and without a partition table");
  EXPECT_EQ(refusal([] { disk_format("", "d"); }),
            "d is no disk: neither qcow2 nor vmdk, and without a partition table");
}

TEST(CopyDisk, ADiskInOneFileIsCopied) {
  EXPECT_EQ(other_files_of(info("base"), "base.qcow2"), "");
  EXPECT_EQ(other_files_of(info("one"), "one.vmdk"), "");
}

TEST(CopyDisk, ADiskThatNamesOtherFilesIsRefused) {
  EXPECT_EQ(other_files_of(info("overlay"), "overlay.qcow2"), "it is an overlay of base.qcow2");
  EXPECT_EQ(other_files_of(info("flat"), "flat.vmdk"), "its data are in flat-flat.vmdk");
  EXPECT_EQ(other_files_of(info("split"), "split.qcow2"), "its data are in data.raw");
  EXPECT_EQ(other_files_of(info("enc"), "enc.qcow2"), "it is encrypted");
}

}  // namespace
}  // namespace offlab
