// Captures that are cut off, damaged or made to do harm: an Error that names the place, never a wrong frame.
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "capture/capture_stream.h"
#include "unit/capture/capture_bytes.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class HostileCapture : public testing::Test {
 protected:
  // What reading `content` to its end fails with; empty when it does not.
  std::string failure_of(const std::string& content) {
    fs::remove(file_);  // some file systems wait for the disk when a file is written anew
    write_file(file_, content);
    try {
      frames_of(file_);
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr(file_.string()));
      return error.what();
    }
    return {};
  }

  TempFolder folder_;
  fs::path file_ = folder_.path() / "x.pcap";
};

const std::string good = section() + interface(1) + packet(0, 1, "one") + packet(0, 2, "two");

TEST_F(HostileCapture, TheGoodOneIsRead) {
  EXPECT_EQ(failure_of(good), "");
  EXPECT_EQ(failure_of(pcap(1, pcap_packet("one") + pcap_packet("two"))), "");
}

TEST_F(HostileCapture, TheNameOfAnInterfaceIsCleaned) {
  write_file(file_, section() + interface(1, 0, option(2, "a\033[2J\nb\xff")) + packet(0, 1, "one"));
  const auto capture = open_capture_file(file_);
  Frame frame;
  ASSERT_TRUE(capture->next(frame));
  EXPECT_EQ(capture->interfaces().at(0).name, "a / b?");
}

TEST_F(HostileCapture, ACutOffFileTellsHowMuchWasGood) {
  const std::string classic = pcap(1, pcap_packet("one") + pcap_packet("two"));
  for (const std::string& whole : {classic, good})
    for (std::size_t size = whole.size() - 1; size > whole.size() - 19; --size) {
      write_file(file_, whole.substr(0, size));
      const auto capture = open_capture_file(file_);
      Frame frame;
      EXPECT_TRUE(capture->next(frame));
      try {
        capture->next(frame);
        FAIL() << size;
      } catch (const TruncatedCapture& error) {
        EXPECT_EQ(error.complete_frames(), 1U);
        const std::string place = whole == classic ? "at byte 43, " : "at byte 84, ";
        EXPECT_THAT(error.what(), HasSubstr("is cut off " + place + "after 1 complete frame:"));
      }
    }
}

TEST_F(HostileCapture, EveryCutThrowsOrIsBetweenPackets) {
  const std::map<std::string, std::size_t> cuts_between_blocks = {
      {"raw-ipv6.pcap", 2}, {"sections.pcapng", 11}, {"simple-raw.pcapng", 4}};
  for (const auto& [name, places] : cuts_between_blocks) {
    fs::copy_file(captures_path / name, file_, fs::copy_options::overwrite_existing);
    std::size_t readable = 0;
    for (std::size_t size = fs::file_size(file_); size-- > 0;) {
      fs::resize_file(file_, size);
      try {
        frames_of(file_);
        ++readable;
      } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr(file_.string()));
      }
    }
    EXPECT_EQ(readable, places) << name;
  }
}

TEST_F(HostileCapture, LengthsThatCannotBeAreNamed) {
  EXPECT_THAT(failure_of(pcap(1, u32(1) + u32(2) + u32(0xffffffff) + u32(60) + "x")),
              HasSubstr("at byte 24, after 0 complete frames: a packet of 4294967295 bytes cannot be"));
  EXPECT_THAT(failure_of(pcap(1, u32(1) + u32(2) + u32(262145) + u32(262145) + std::string(262145, 'x'))),
              HasSubstr("a packet of 262145 bytes cannot be"));
  EXPECT_EQ(failure_of(pcap(1, pcap_packet(std::string(262144, 'x')))), "");
  for (const std::uint32_t length : {0U, 4U, 8U, 11U, 13U, 0xffffffffU})
    EXPECT_THAT(failure_of(good + u32(6) + u32(length) + std::string(40, '\0')),
                HasSubstr("at byte 120, after 2 complete frames: a block of " + std::to_string(length) + " bytes"));
  EXPECT_THAT(failure_of(good + u32(6) + u32(0xfffffffc) + std::string(40, '\0')), HasSubstr("is too long"));
}

TEST_F(HostileCapture, AnUnknownBlockMayBeOfAnyLength) {
  const std::string huge = block(0x0b0e, std::string(3 * CaptureStream::capacity, 'x'));
  write_file(file_, good + huge + packet(0, 3, "three"));
  EXPECT_EQ(frames_of(file_).size(), 3U);
  EXPECT_THAT(failure_of(good + huge.substr(0, huge.size() - 1)), HasSubstr("is cut off"));
  EXPECT_THAT(failure_of(good + huge.substr(0, huge.size() - 4) + u32(12)), HasSubstr("two lengths"));
  EXPECT_THAT(failure_of(good + u32(0x0b0e) + u32(0xfffffffc) + std::string(40, '\0')), HasSubstr("is cut off"));
}

TEST_F(HostileCapture, FramesAcrossTheEdgeOfTheReadBufferAreWhole) {
  const std::string bytes(99'991, 'y');
  std::string classic;
  std::string blocks = section() + interface(1);
  for (int i = 0; i < 25; ++i) {
    classic += pcap_packet(bytes);
    blocks += packet(0, 1, bytes);
  }
  for (const std::string& content : {pcap(1, classic), blocks}) {
    write_file(file_, content);
    const auto frames = frames_of(file_);
    ASSERT_EQ(frames.size(), 25U);
    for (const StoredFrame& frame : frames) EXPECT_EQ(std::string(frame.bytes.begin(), frame.bytes.end()), bytes);
  }
}

TEST_F(HostileCapture, APacketMustFitIntoItsBlock) {
  const std::string head = u32(0) + u32(0) + u32(0);
  for (const std::uint32_t captured : {5U, 0x7fffffffU, 0xfffffffdU, 0xffffffffU})
    for (const std::uint32_t type : {6U, 2U})
      EXPECT_THAT(failure_of(good + block(type, head + u32(captured) + u32(captured) + "four")),
                  HasSubstr("a packet is longer than its block"));
  EXPECT_THAT(failure_of(good + block(3, u32(0xffffffff) + "four")), HasSubstr("a packet is longer than its block"));
  EXPECT_THAT(failure_of(section() + interface(1, 5) + block(3, u32(1500) + "four")),
              HasSubstr("a packet is longer than its block"));
}

TEST_F(HostileCapture, BlocksThatAreTooShortForTheirTypeAreNamed) {
  for (const auto& [type, size] : {std::pair{6U, 16U}, {2U, 16U}, {3U, 0U}, {1U, 4U}, {5U, 8U}, {0x0A0D0D0AU, 4U}}) {
    const std::string body = type == 0x0A0D0D0A ? u32(0x1A2B3C4D) : std::string(size, '\0');
    EXPECT_THAT(failure_of(good + block(type, body)), HasSubstr("is too short")) << type;
  }
}

TEST_F(HostileCapture, OptionsMustFitIntoTheirBlock) {
  const std::string past = u16(1) + u16(5) + "four";
  EXPECT_THAT(failure_of(good + packet(0, 3, "three", past)), HasSubstr("run past its end"));
  EXPECT_THAT(failure_of(good + interface(1, 0, past)), HasSubstr("run past its end"));
  EXPECT_THAT(failure_of(section(past)), HasSubstr("run past its end"));
  EXPECT_THAT(failure_of(good + block(5, u32(0) + u64(0) + past)), HasSubstr("run past its end"));
  EXPECT_THAT(failure_of(good + packet(0, 3, "three", u16(1) + u16(0xffff))), HasSubstr("run past its end"));
  EXPECT_EQ(failure_of(good + packet(0, 3, "three", u32(0) + past)), "");  // behind the end marker
}

TEST_F(HostileCapture, AnInterfaceMustBeDescribedFirst) {
  EXPECT_THAT(failure_of(good + packet(1, 3, "three")), HasSubstr("interface 1, which the file does not describe"));
  EXPECT_THAT(failure_of(good + packet(0xffffffff, 3, "three")), HasSubstr("does not describe"));
  EXPECT_THAT(failure_of(good + section() + packet(0, 3, "three")), HasSubstr("interface 0, which"));
  EXPECT_THAT(failure_of(section() + block(3, u32(4) + "four")), HasSubstr("interface 0, which"));
  EXPECT_THAT(failure_of(good + block(5, u32(7) + u64(0))), HasSubstr("interface 7, which"));
}

TEST_F(HostileCapture, InterfacesAreBounded) {
  std::string many = section();
  for (int i = 0; i < 65536; ++i) many += interface(1);
  EXPECT_EQ(failure_of(many + packet(65535, 1, "last")), "");
  EXPECT_THAT(failure_of(many + interface(1)), HasSubstr("more than 65536 interfaces"));
}

TEST_F(HostileCapture, ATimeBeyondSixtyFourBitsIsNamed) {
  const std::string seconds = section() + interface(1, 0, option(9, std::string(1, '\0')));
  EXPECT_EQ(failure_of(seconds + packet(0, 9'000'000'000, "far")), "");
  EXPECT_THAT(failure_of(seconds + packet(0, 0xffffffffffffffff, "too far")), HasSubstr("the time of a packet"));
  EXPECT_THAT(failure_of(section() + interface(1, 0, option(14, u64(0x7fffffffffffffff))) + packet(0, 1, "too far")),
              HasSubstr("the time of a packet"));
  EXPECT_EQ(failure_of(pcap(1, std::string(8, '\xff') + u32(1) + u32(1) + "x")), "");
}

TEST_F(HostileCapture, AFrameIsNeverLongerThanItsLengthOnTheLink) {
  for (const std::string& content :
       {pcap(1, u32(1) + u32(2) + u32(4) + u32(0) + "four"), pcap(101, u32(1) + u32(2) + u32(4) + u32(0) + "four"),
        pcap(101, u32(1) + u32(2) + u32(4) + u32(0xffffffff) + "four"),
        section() + interface(1) + block(6, u32(0) + u64(0) + u32(4) + u32(0) + "four")}) {
    write_file(file_, content);
    const auto frames = frames_of(file_);
    ASSERT_EQ(frames.size(), 1U);
    EXPECT_GE(frames[0].frame.length, frames[0].bytes.size());
  }
}

TEST_F(HostileCapture, VersionsThatAreNotKnownAreRefused) {
  std::string classic = pcap(1, "");
  classic[4] = 3;
  EXPECT_THAT(failure_of(classic), HasSubstr("version 3.4 of the pcap format"));
  std::string blocks = section();
  blocks[12] = 2;
  EXPECT_THAT(failure_of(blocks), HasSubstr("version 2 of the pcapng format"));
}

TEST_F(HostileCapture, WhatIsNoFileIsAnError) {
  EXPECT_THAT(failure_of(""), HasSubstr("is empty"));
  EXPECT_THAT(failure_of("abc"), HasSubstr("too short"));
  EXPECT_THROW(open_capture_file(folder_.path()), Error);
  EXPECT_THROW(open_capture_file(folder_.path() / "not there"), Error);
}

}  // namespace
}  // namespace offlab
