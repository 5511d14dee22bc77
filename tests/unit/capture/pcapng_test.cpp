// Capture files: what is written is read back, and no damage goes unnoticed.
#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>

#include <gtest/gtest.h>

#include "base/error.h"
#include "capture/pcapng_writer.h"
#include "selftest/recorded_leg.h"
#include "unit/capture/capture_bytes.h"
#include "unit/recorded_run.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

StoredFrame frame(std::int64_t time_ns, bool to_guest, GsoType gso, std::uint16_t size, bool needs_checksum,
                  std::size_t kept) {
  StoredFrame made;
  made.frame.time_ns = time_ns;
  made.frame.length = static_cast<std::uint32_t>(kept) + 1000;
  made.frame.to_guest = to_guest;
  made.frame.gso = gso;
  made.frame.gso_size = size;
  made.frame.needs_checksum = needs_checksum;
  for (std::size_t i = 0; i < kept; ++i) made.bytes.push_back(static_cast<std::uint8_t>(i * 7));
  return made;
}

std::vector<StoredFrame> some_frames() {
  return {frame(1'795'502'356'570'473'367, true, GsoType::tcp4, 1448, true, 128),
          frame(1'795'502'356'570'473'368, false, GsoType::none, 0, false, 61),
          frame(1, true, GsoType::tcp6, 1428, false, 62),
          frame(0x7fffffffffffffff, false, GsoType::udp, 65535, true, 63), frame(5, true, GsoType::none, 0, true, 0)};
}

void expect_equal(const std::vector<StoredFrame>& read, const std::vector<StoredFrame>& written, std::size_t count) {
  ASSERT_EQ(read.size(), count);
  for (std::size_t i = 0; i < count; ++i) {
    EXPECT_EQ(read[i].bytes, written[i].bytes) << i;
    EXPECT_EQ(read[i].frame.time_ns, written[i].frame.time_ns) << i;
    EXPECT_EQ(read[i].frame.length, written[i].frame.length) << i;
    EXPECT_TRUE(read[i].frame.has_direction) << i;
    EXPECT_EQ(read[i].frame.to_guest, written[i].frame.to_guest) << i;
    EXPECT_TRUE(read[i].frame.has_vnet) << i;
    EXPECT_EQ(read[i].frame.gso, written[i].frame.gso) << i;
    EXPECT_EQ(read[i].frame.gso_size, written[i].frame.gso_size) << i;
    EXPECT_EQ(read[i].frame.needs_checksum, written[i].frame.needs_checksum) << i;
  }
}

class Pcapng : public testing::Test {
 protected:
  // Returns where each block begins, and the end.
  std::vector<std::size_t> write(const std::vector<StoredFrame>& frames) {
    std::vector<std::size_t> blocks;
    PcapngWriter writer(file_, {"router-wan", "offlab: the host side of the router's NIC", 128});
    for (const StoredFrame& one : frames) {
      blocks.push_back(writer.bytes_written());
      Frame out = one.frame;
      out.bytes = one.bytes;
      writer.write(out);
    }
    blocks.push_back(writer.bytes_written());
    writer.finish(frames.size() + 3, 3);
    blocks.push_back(writer.bytes_written());
    return blocks;
  }

  std::string content() const {
    std::ifstream stream(file_, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
  }

  TempFolder folder_;
  fs::path file_ = folder_.path() / "router-wan.pcapng";
};

TEST_F(Pcapng, IsReadBackAsWritten) {
  const auto blocks = write(some_frames());
  EXPECT_EQ(blocks.back(), fs::file_size(file_));
  expect_equal(frames_of(file_), some_frames(), 5);
}

TEST_F(Pcapng, KeepsWhatTheKernelSaidInAComment) {
  write(some_frames());
  const std::string text = content();
  for (const char* comment : {"vnet_hdr: gso=tcp4 size=1448 csum", "vnet_hdr: gso=tcp6 size=1428",
                              "vnet_hdr: gso=udp size=65535 csum", "vnet_hdr: gso=none csum"})
    EXPECT_NE(text.find(comment), std::string::npos) << comment;
}

TEST_F(Pcapng, MayBeEmpty) {
  write({});
  EXPECT_TRUE(frames_of(file_).empty());
}

TEST_F(Pcapng, RecordedFilesAreReadToTheEnd) {
  const auto& leg = recorded_leg("hypervisor-lro");
  EXPECT_EQ(leg.ingress.size(), 309U);  // captures.json, and tshark
  EXPECT_EQ(leg.egress.size(), 253U);
  EXPECT_EQ(leg.ingress.front().frame.time_ns, 1'795'502'356'570'473'367);
  EXPECT_EQ(leg.ingress.at(19).frame.gso, GsoType::tcp4);
  EXPECT_EQ(leg.ingress.at(19).frame.gso_size, 1448U);
  EXPECT_TRUE(leg.ingress.at(19).frame.needs_checksum);
  EXPECT_EQ(leg.ingress.at(19).frame.length, 7306U);
  EXPECT_EQ(leg.ingress.at(19).bytes.size(), 128U);
}

TEST_F(Pcapng, RecordedFramesSurviveAnotherRoundTrip) {
  write(recorded_leg("hypervisor-lro").ingress);
  expect_equal(frames_of(file_), recorded_leg("hypervisor-lro").ingress, 309);
}

TEST_F(Pcapng, AFileThatWasCutInsideABlockThrows) {
  const auto blocks = write(some_frames());
  const std::string whole = content();
  const std::size_t section_header = static_cast<unsigned char>(whole[4]);  // its length; the interface comes next
  for (std::size_t size = whole.size(); size-- > 0;) {
    fs::resize_file(file_, size);
    const auto boundary = std::find(blocks.begin(), blocks.end(), size);
    if (boundary == blocks.end() && size != section_header)
      EXPECT_THROW(frames_of(file_), Error) << size;
    else if (boundary != blocks.end())
      expect_equal(frames_of(file_), some_frames(),
                   std::min<std::size_t>(5, static_cast<std::size_t>(boundary - blocks.begin())));
  }
}

TEST_F(Pcapng, NoDamagedByteMakesItReadBeyondTheEnd) {
  write(some_frames());
  const std::string whole = content();
  std::fstream stream(file_, std::ios::in | std::ios::out | std::ios::binary);
  const auto put = [&](std::size_t at, char byte) {
    stream.seekp(static_cast<std::streamoff>(at));
    stream.put(byte).flush();
  };
  std::size_t noticed = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    put(at, static_cast<char>(~whole[at]));
    try {
      EXPECT_LE(frames_of(file_).size(), 6U);
    } catch (const Error&) {
      ++noticed;
    }
    put(at, whole[at]);
  }
  EXPECT_GT(noticed, 50U);  // every byte of a block's two lengths at least
  expect_equal(frames_of(file_), some_frames(), 5);
}

TEST_F(Pcapng, AWrongLengthThrows) {
  const auto blocks = write(some_frames());
  const std::string whole = content();
  for (const std::size_t at : {blocks[0] + 4, blocks[1] - 4, blocks[0] + 20}) {  // both lengths, the captured length
    std::string damaged = whole;
    damaged[at + 1] = static_cast<char>(damaged[at + 1] + 1);
    write_file(file_, damaged);
    EXPECT_THROW(frames_of(file_), Error) << at;
  }
}

TEST_F(Pcapng, OtherFilesThrow) {
  for (const std::string& text : {std::string(), std::string("\xd4\xc3\xb2\xa1 a classic pcap file, long enough"),
                                  std::string("no capture at all, only text that goes on"), std::string(64, '\0')}) {
    write_file(file_, text);
    EXPECT_THROW(open_capture_file(file_), Error) << text;
  }
  EXPECT_THROW(open_capture_file(folder_.path() / "not there"), Error);
  EXPECT_THROW(open_capture_file(folder_.path()), Error);
}

TEST_F(Pcapng, AFileThatCannotBeMadeThrows) {
  EXPECT_THROW(PcapngWriter(folder_.path() / "no/such/folder", {"x", "", 128}), Error);
}

TEST_F(Pcapng, AFullDiskThrows) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  EXPECT_THROW(
      {
        PcapngWriter writer("/dev/full", {"x", "", 128});
        writer.finish(0, 0);
      },
      Error);
}

// The offloads of a guest as it printed them are a capture's comment.
TEST_F(Pcapng, TextsAreClean) {
  { PcapngWriter writer(file_, {"a\033[2Jb", "c\u009b2J\uffff", 128, "d\xff\r\n\te\033]0;x\007"}); }
  for (const std::string& part : {option(2, "ab"), option(3, "c?"), option(1, "d?\n\te")})
    EXPECT_NE(content().find(part), std::string::npos) << part;
}

TEST_F(Pcapng, TheSectionHeaderHasAComment) {
  const std::string comment = "router eth1: large-receive-offload off; tap router-wan: tx-tcp-segmentation on";
  {
    PcapngWriter writer(file_, {"router-wan", "", 128, comment});
    writer.finish(0, 0);
  }
  EXPECT_TRUE(frames_of(file_).empty());
  EXPECT_NE(content().find(option(1, comment)), std::string::npos);
  if (std::system("command -v capinfos > /dev/null 2>&1") != 0) GTEST_SKIP() << "capinfos is not installed";
  EXPECT_EQ(std::system(("capinfos -k " + file_.string() + " 2>&1 | grep -qF '" + comment + "'").c_str()), 0);
}

TEST_F(Pcapng, AFileMayHaveSeveralInterfaces) {
  std::vector<StoredFrame> frames = some_frames();
  frames[1].frame.interface = 1;
  frames[2].frame.interface = 2;  // is not described
  {
    PcapngWriter writer(file_, {"router-wan", "", 128});
    EXPECT_EQ(writer.add_interface("router-lan"), 1);
    for (const StoredFrame& one : frames) {
      Frame out = one.frame;
      out.bytes = one.bytes;
      writer.write(out);
    }
    writer.flush();
  }
  const auto read = frames_of(file_);
  ASSERT_EQ(read.size(), frames.size());
  for (std::size_t i = 0; i < read.size(); ++i) EXPECT_EQ(read[i].frame.interface, i == 1 ? 1 : 0) << i;
  const auto file = open_capture_file(file_);
  for (Frame frame; file->next(frame);) continue;
  ASSERT_EQ(file->interfaces().size(), 2U);
  EXPECT_EQ(file->interfaces()[0].name, "router-wan");
  EXPECT_EQ(file->interfaces()[1].name, "router-lan");
}

TEST_F(Pcapng, AFrameMayHaveNoDirection) {
  std::vector<StoredFrame> frames = some_frames();
  for (std::size_t i = 0; i < frames.size(); ++i) frames[i].frame.has_direction = i % 2 == 0;
  {
    PcapngWriter writer(file_, {.name = "any", .description = {}, .has_directions = false});
    for (const StoredFrame& one : frames) {
      Frame out = one.frame;
      out.bytes = one.bytes;
      writer.write(out);
    }
    writer.flush();
  }
  const auto read = frames_of(file_);
  ASSERT_EQ(read.size(), frames.size());
  for (std::size_t i = 0; i < read.size(); ++i) {
    EXPECT_EQ(read[i].frame.has_direction, i % 2 == 0) << i;
    EXPECT_EQ(read[i].frame.to_guest, i % 2 == 0 && frames[i].frame.to_guest) << i;
    EXPECT_EQ(read[i].frame.gso_size, frames[i].frame.gso_size) << i;
  }
}

TEST_F(Pcapng, TsharkReadsIt) {
  if (std::system("command -v tshark > /dev/null 2>&1") != 0) GTEST_SKIP() << "tshark is not installed";
  write(recorded_leg("hypervisor-lro").ingress);
  const std::string command =
      "tshark -r " + file_.string() +
      " -Y 'frame.number in {20,309}' -T fields -E separator=/t -e frame.number -e frame.comment -e frame.len"
      " -e frame.cap_len -e frame.interface_name -e frame.packet_flags_direction 2> " +
      (folder_.path() / "errors").string();
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), [](std::FILE* file) {
    EXPECT_EQ(pclose(file), 0);
    return 0;
  });
  std::string output;
  for (std::array<char, 4096> line; std::fgets(line.data(), line.size(), pipe.get()) != nullptr;) output += line.data();
  EXPECT_EQ(output,
            "20\tvnet_hdr: gso=tcp4 size=1448 csum\t7306\t128\trouter-wan\t0x00000002\n"
            "309\t\t66\t66\trouter-wan\t0x00000001\n");
  std::ifstream errors(folder_.path() / "errors");
  for (std::string line; std::getline(errors, line);)
    EXPECT_NE(line.find("Running as user"), std::string::npos) << "tshark complains: " << line;
}

}  // namespace
}  // namespace offlab
