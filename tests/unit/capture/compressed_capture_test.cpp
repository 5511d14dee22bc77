// Captures that are compressed: the same frames as without, and as much as is good where they are damaged.
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "capture/decoded_bytes.h"
#include "unit/capture/byte_list.h"
#include "unit/capture/capture_bytes.h"
#include "unit/capture/compression.h"
#include "unit/refusal.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const std::vector<std::string> endings = {".gz", ".xz", ".zst", ".lz4", ".bz2"};

std::string content_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  return bytes.str();
}

const std::string plain = content_of(captures_path / "two-interfaces.pcapng");

std::string packed(const std::string& ending) {
  return content_of(captures_path / ("two-interfaces.pcapng" + ending));
}

std::string unpacked(const std::string& bytes, std::string& failure, std::size_t at_once = 4096) {
  const auto compression = compression_of({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  if (!compression) return "not compressed";
  DecodedBytes source(*compression, std::make_unique<ByteList>(bytes));
  return all_bytes(source, failure, at_once);
}

struct Reading {
  std::size_t frames = 0;
  std::string cut_off;
};

// Any other failure leaves it.
Reading read_to_its_end(const fs::path& file) {
  Reading reading;
  try {
    const auto capture = open_capture_file(file);
    for (Frame frame; capture->next(frame);) ++reading.frames;
  } catch (const TruncatedCapture& truncated) {
    EXPECT_EQ(truncated.complete_frames(), reading.frames);
    reading.cut_off = truncated.what();
  }
  return reading;
}

TEST(CompressedCapture, HasTheFramesOfThePlainOne) {
  const auto expected = frames_of(captures_path / "two-interfaces.pcapng");
  ASSERT_FALSE(expected.empty());
  for (const std::string& ending : endings) {
    const auto frames = frames_of(captures_path / ("two-interfaces.pcapng" + ending));
    ASSERT_EQ(frames.size(), expected.size()) << ending;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      EXPECT_EQ(frames[i].bytes, expected[i].bytes);
      EXPECT_EQ(frames[i].frame.time_ns, expected[i].frame.time_ns);
    }
  }
}

TEST(CompressedCapture, ItsNameDoesNotMatter) {
  const TempFolder folder;
  write_file(folder.path() / "x.pcap", packed(".xz"));
  EXPECT_EQ(frames_of(folder.path() / "x.pcap").size(), frames_of(captures_path / "two-interfaces.pcapng").size());
}

TEST(CompressedCapture, LittleRoomAtATimeMakesNoDifference) {
  for (const std::string& ending : endings)
    for (const std::size_t at_once : {1U, 7U, 100'000U}) {
      std::string failure;
      EXPECT_TRUE(unpacked(packed(ending), failure, at_once) == plain) << ending << " " << at_once;
      EXPECT_EQ(failure, "");
    }
}

TEST(CompressedCapture, LittleInputAtATimeMakesNoDifference) {
  for (const std::string& ending : endings)
    for (const std::size_t at_once : {1U, 3U, 64U}) {
      const std::string twice = packed(ending) + packed(ending);
      const auto compression = compression_of({reinterpret_cast<const std::uint8_t*>(twice.data()), twice.size()});
      ASSERT_TRUE(compression);
      DecodedBytes source(*compression, std::make_unique<ByteList>(twice, at_once));
      std::string failure;
      EXPECT_TRUE(all_bytes(source, failure) == plain + plain) << ending << " " << at_once;
      EXPECT_EQ(failure, "");
    }
}

// What is left of one stream's bits must not be taken from the next one, however the first one ends.
TEST(CompressedCapture, ShortStreamsThatFollowEachOtherAreOne) {
  std::string expected;
  std::string streams;
  for (int size = 0; size < 300; ++size) {
    std::string bytes(static_cast<std::size_t>(size), 'x');
    for (int at = 0; at < size; at += 3) bytes[static_cast<std::size_t>(at)] = static_cast<char>(at * 7 + size);
    expected += bytes;
    streams += gzipped(bytes, size % 10);
  }
  for (const std::size_t at_once : {1U, 50U, 100'000U}) {
    DecodedBytes source(Compression::gzip, std::make_unique<ByteList>(streams, at_once));
    std::string failure;
    EXPECT_TRUE(all_bytes(source, failure) == expected) << at_once;
    EXPECT_EQ(failure, "");
  }
}

TEST(CompressedCapture, LittleInputAndLittleRoomAtATimeMakeNoDifference) {
  std::string expected;
  std::string streams;
  for (int size = 0; size < 60; ++size) {
    expected += std::string(static_cast<std::size_t>(size), 'x');
    streams += gzipped(std::string(static_cast<std::size_t>(size), 'x'), size % 10);
  }
  for (const std::size_t input : {1U, 5U, 9U, 40U})
    for (const std::size_t room : {1U, 2U, 30U}) {
      DecodedBytes source(Compression::gzip, std::make_unique<ByteList>(streams, input));
      std::string failure;
      EXPECT_TRUE(all_bytes(source, failure, room) == expected) << input << " " << room;
      EXPECT_EQ(failure, "");
    }
}

// The end of its deflate data gives back more bytes than the last piece of input had.
TEST(CompressedCapture, ADamagedEndGivesBackNoMoreThanItWasGiven) {
  std::string failure;
  unpacked(content_of(captures_path / "given-back.pcapng.gz"), failure);
  EXPECT_NE(failure, "");
}

TEST(CompressedCapture, StreamsThatFollowEachOtherAreOne) {
  for (const std::string& ending : endings) {
    std::string failure;
    const std::string once = packed(ending);
    EXPECT_TRUE(unpacked(once + once, failure) == plain + plain) << ending;
    EXPECT_TRUE(unpacked(once + std::string(1024, '\0'), failure) == plain) << ending;
    EXPECT_EQ(failure, "");
    EXPECT_TRUE(unpacked(once + "something else", failure) == plain) << ending;
    EXPECT_THAT(failure, HasSubstr("data")) << ending;
  }
}

TEST(CompressedCapture, WhatIsCutOffIsABeginningAndSaysSo) {
  for (const std::string& ending : endings) {
    const std::string whole = packed(ending);
    for (std::size_t size = 6; size < whole.size(); size += 3) {
      std::string failure;
      const std::string got = unpacked(whole.substr(0, size), failure);
      EXPECT_TRUE(plain.substr(0, got.size()) == got) << ending << " " << size;
      EXPECT_THAT(failure, HasSubstr("data ends early")) << ending << " " << size;
    }
  }
}

TEST(CompressedCapture, DamageIsNeverPassedOver) {
  for (const std::string& ending : endings) {
    const std::string whole = packed(ending);
    std::size_t noticed = 0;
    for (std::size_t at = 0; at < whole.size(); ++at) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
      std::string failure;
      const std::string got = unpacked(damaged, failure);
      if (!failure.empty()) ++noticed;
      // A file name or a time in the header, say, may be anything.
      EXPECT_TRUE(!failure.empty() || got == plain || got == "not compressed") << ending << " " << at;
    }
    EXPECT_GT(noticed, whole.size() * 9 / 10) << ending;
  }
}

TEST(CompressedCapture, OneThatIsCutOffIsGoodUpToThere) {
  const TempFolder folder;
  const fs::path file = folder.path() / "x.pcapng.gz";
  const std::size_t all = frames_of(captures_path / "two-interfaces.pcapng").size();
  for (const std::string ending : {".gz", ".xz"}) {
    const std::string whole = packed(ending);
    write_file(file, whole.substr(0, whole.size() * 3 / 4));
    const Reading reading = read_to_its_end(file);
    EXPECT_GT(reading.frames, 0U);
    EXPECT_LT(reading.frames, all);
    EXPECT_THAT(reading.cut_off, HasSubstr(file.string() + " ends early at byte "));
    EXPECT_THAT(reading.cut_off, HasSubstr("data ends early"));
  }
  std::string wrong_sum = packed(".gz");
  wrong_sum[wrong_sum.size() - 5] ^= 1;
  write_file(file, wrong_sum);
  const Reading reading = read_to_its_end(file);
  EXPECT_EQ(reading.frames, all);
  EXPECT_THAT(reading.cut_off, HasSubstr("its gzip data is damaged (wrong checksum)"));
}

TEST(CompressedCapture, WhatIsNoCaptureInsideIsRefused) {
  const TempFolder folder;
  const fs::path file = folder.path() / "x.gz";
  const std::map<std::string, std::string> expected = {{"just some text", "neither a pcap nor a pcapng"},
                                                       {"", "is empty"},
                                                       {"abc", "too short"},
                                                       {gzipped(plain), "is compressed twice"},
                                                       {packed(".zst"), "is compressed twice"}};
  for (const auto& [content, message] : expected) {
    write_file(file, gzipped(content));
    EXPECT_THAT(refusal([&] { open_capture_file(file); }), HasSubstr(file.string() + " is")) << message;
    EXPECT_THAT(refusal([&] { open_capture_file(file); }), HasSubstr(message));
  }
}

// Its header asks for a dictionary of 1 GB; what it holds is nothing.
TEST(CompressedCapture, ADictionaryThatIsTooLargeIsRefusedWithARemedy) {
  const TempFolder folder;
  const fs::path file = folder.path() / "x.zst";
  const std::string single_segment_of_1_gb = std::string("\x28\xb5\x2f\xfd\xa0", 5) + u32(1U << 30U) + u32(0) + u32(0);
  write_file(file, single_segment_of_1_gb);
  try {
    open_capture_file(file);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("more than 128 MB"));
    EXPECT_EQ(error.remedy(), "unpack it first: zstd -d FILE");
  }
}

// Large enough for a thread of its own, also when it is cut off.
TEST(CompressedCapture, ALargeOneIsReadToItsEnd) {
  const TempFolder folder;
  const fs::path file = folder.path() / "x.pcap.gz";
  std::string packets;
  std::uint32_t state = 1;
  for (int i = 0; i < 4000; ++i) {
    std::string bytes(1500, '\0');
    for (char& byte : bytes) byte = static_cast<char>((state = state * 1664525U + 1013904223U) >> 24U);
    packets += pcap_packet(bytes);
  }
  const std::string whole = gzipped(pcap(1, packets), 1);
  write_file(file, whole);
  EXPECT_EQ(read_to_its_end(file).frames, 4000U);
  write_file(file, whole.substr(0, whole.size() / 2));
  const Reading half = read_to_its_end(file);
  EXPECT_GT(half.frames, 1900U);
  EXPECT_LT(half.frames, 2100U);
  EXPECT_THAT(half.cut_off, HasSubstr("its gzip data ends early"));
}

}  // namespace
}  // namespace offlab
