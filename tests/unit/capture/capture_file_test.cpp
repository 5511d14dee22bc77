// Captures made elsewhere, read as tshark reads them: tests/data/captures/frames.tsv is what tshark printed.
#include <fstream>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "capture/link_types.h"
#include "unit/capture/capture_bytes.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

// One line of frames.tsv.
struct TsharkFrame {
  std::string number, time, length, captured, interface, direction, cooked_type, ip_length, ip6_payload, sequence;
};

std::map<std::string, std::vector<TsharkFrame>> read_tshark_frames() {
  std::map<std::string, std::vector<TsharkFrame>> files;
  std::ifstream stream(captures_path / "frames.tsv");
  for (std::string line; std::getline(stream, line);) {
    std::istringstream columns(line);
    std::string file;
    std::getline(columns, file, '\t');
    TsharkFrame frame;
    for (std::string* column :
         {&frame.number, &frame.time, &frame.length, &frame.captured, &frame.interface, &frame.direction,
          &frame.cooked_type, &frame.ip_length, &frame.ip6_payload, &frame.sequence})
      std::getline(columns, *column, '\t');
    files[file].push_back(frame);
  }
  return files;
}

// Bytes of the link's own header.
std::uint32_t link_header(std::uint32_t link_type) {
  const std::map<std::uint32_t, std::uint32_t> sizes = {{1, 14},  {0, 4},   {108, 4},  {101, 0},
                                                        {228, 0}, {229, 0}, {113, 16}, {276, 20}};
  return sizes.at(link_type);
}

std::string big_endian(const StoredFrame& frame, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t byte = 0; byte < size; ++byte) value = (value << 8U) | frame.bytes.at(at + byte);
  return std::to_string(value);
}

std::string decimal_time(std::int64_t time_ns) {
  if (time_ns == 0) return "";  // tshark prints no time for a frame without one
  std::string digits = std::to_string(time_ns);
  return digits.insert(digits.size() - 9, ".");
}

// What the packet's own headers say shows that they are where an Ethernet header puts them.
void expect_same_headers(const StoredFrame& frame, const TsharkFrame& expected) {
  const std::string type = big_endian(frame, 12, 2);
  EXPECT_EQ(type == "2048", !expected.ip_length.empty());
  EXPECT_EQ(type == "34525", !expected.ip6_payload.empty());
  if (!expected.ip_length.empty()) {
    EXPECT_EQ(big_endian(frame, 16, 2), expected.ip_length);
  }
  if (!expected.ip6_payload.empty()) {
    EXPECT_EQ(big_endian(frame, 18, 2), expected.ip6_payload);
  }
  if (!expected.sequence.empty()) {
    EXPECT_EQ(big_endian(frame, type == "2048" ? 38 : 58, 4), expected.sequence);
  }
}

void expect_same_direction(const Frame& frame, const TsharkFrame& expected) {
  const bool told =
      !expected.cooked_type.empty() || expected.direction == "0x00000001" || expected.direction == "0x00000002";
  EXPECT_EQ(frame.has_direction, told);
  EXPECT_EQ(frame.to_guest, expected.direction == "0x00000002" || expected.cooked_type == "4");
}

void expect_as_tshark(const std::string& file, const std::vector<TsharkFrame>& expected) {
  SCOPED_TRACE(file);
  const auto capture = open_capture_file(captures_path / file);
  const auto frames = all_frames(*capture);
  const bool has_one_section = file != "sections.pcapng" && file != "concatenated.pcapng";
  ASSERT_EQ(frames.size(), expected.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    SCOPED_TRACE("frame " + expected[i].number);
    const Frame& frame = frames[i].frame;
    const std::uint32_t header = link_header(capture->interfaces().at(frame.interface).link_type);
    EXPECT_EQ(decimal_time(frame.time_ns), expected[i].time);
    EXPECT_EQ(std::to_string(frame.length - 14 + header), expected[i].length);
    EXPECT_EQ(std::to_string(frames[i].bytes.size() - 14 + header), expected[i].captured);
    // tshark 4.0 counts the interfaces of each section anew.
    if (!expected[i].interface.empty() && has_one_section) {
      EXPECT_EQ(std::to_string(frame.interface), expected[i].interface);
    }
    EXPECT_FALSE(frame.has_vnet);
    expect_same_direction(frame, expected[i]);
    expect_same_headers(frames[i], expected[i]);
  }
}

TEST(CaptureFile, EveryFormatIsReadAsTsharkReadsIt) {
  const auto files = read_tshark_frames();
  EXPECT_EQ(files.size(), 20U);
  for (const auto& [file, expected] : files) expect_as_tshark(file, expected);
}

TEST(CaptureFile, TellsTheInterfacesAndTheirLosses) {
  const auto capture = open_capture_file(captures_path / "packet-blocks.pcapng");
  all_frames(*capture);
  ASSERT_EQ(capture->interfaces().size(), 2U);
  EXPECT_EQ(capture->interfaces()[0].name, "eth0");
  EXPECT_EQ(capture->interfaces()[0].link_type, 1U);
  EXPECT_EQ(capture->interfaces()[0].dropped, std::nullopt);
  EXPECT_EQ(capture->interfaces()[1].name, "eth1");
  EXPECT_EQ(capture->interfaces()[1].dropped, 7U);
}

TEST(CaptureFile, InterfacesAreCountedThroughAllSections) {
  std::string indices;
  for (const StoredFrame& frame : frames_of(captures_path / "sections.pcapng"))
    indices += std::to_string(frame.frame.interface);
  EXPECT_EQ(indices, "01233");
  std::map<std::uint16_t, int> frames;
  for (const StoredFrame& frame : frames_of(captures_path / "concatenated.pcapng")) ++frames[frame.frame.interface];
  EXPECT_EQ(frames, (std::map<std::uint16_t, int>{{0, 14}, {1, 14}, {2, 6}}));
}

TEST(CaptureFile, ACookedFrameKeepsItsSenderAndDirection) {
  const TempFolder folder;
  const std::string sent = std::string("\0\4\0\1\0\6\x52\x54\0\0\0\x11\0\0\x08\0", 16) + "packet";
  const std::string heard = std::string("\0\3\0\1\0\6\x52\x54\0\0\0\x12\0\0\x86\xdd", 16) + "packet";
  write_file(folder.path() / "x.pcap", pcap(113, pcap_packet(sent) + pcap_packet(heard)));
  const auto frames = frames_of(folder.path() / "x.pcap");
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_TRUE(frames[0].frame.has_direction);
  EXPECT_TRUE(frames[0].frame.to_guest);
  EXPECT_TRUE(frames[1].frame.has_direction);
  EXPECT_FALSE(frames[1].frame.to_guest);
  const std::string expected = std::string("\0\0\0\0\0\0\x52\x54\0\0\0\x11\x08\0", 14) + "packet";
  EXPECT_EQ(std::string(frames[0].bytes.begin(), frames[0].bytes.end()), expected);
  EXPECT_EQ(frames[0].frame.length, 20U);
}

TEST(CaptureFile, AFrameCutInsideItsLinkHeaderKeepsNothing) {
  const TempFolder folder;
  for (const std::uint32_t link_type : {0U, 101U, 113U, 276U}) {
    write_file(folder.path() / "x.pcap", pcap(link_type, pcap_packet("") + pcap_packet("abc")));
    const auto frames = frames_of(folder.path() / "x.pcap");
    ASSERT_EQ(frames.size(), 2U);
    EXPECT_EQ(frames[1].bytes.size(), link_type == 101 ? 14U + 3 : 0U) << link_type;
    EXPECT_GE(frames[1].frame.length, frames[1].bytes.size());
  }
}

TEST(CaptureFile, ASegmentSizeInAFileThatOfflabDidNotWriteStillCounts) {
  const TempFolder folder;
  write_file(folder.path() / "x.pcapng",
             section(option(4, "Editcap")) + interface(1) + packet(0, 1, "without") +
                 packet(0, 2, "with", option(1, "seen") + option(1, "vnet_hdr: gso=tcp6 size=1428")));
  const auto frames = frames_of(folder.path() / "x.pcapng");
  EXPECT_FALSE(frames.at(0).frame.has_vnet);
  EXPECT_TRUE(frames.at(1).frame.has_vnet);
  EXPECT_EQ(frames.at(1).frame.gso, GsoType::tcp6);
  EXPECT_EQ(frames.at(1).frame.gso_size, 1428U);
}

TEST(CaptureFile, OtherFormatsAreRefusedWithARemedy) {
  const TempFolder folder;
  const std::map<std::string, std::pair<std::string, std::string>> files = {
      {"PK\3\4 files", {"is a ZIP archive", "unzip"}},
      {std::string("snoop\0\0\0", 8), {"is a capture of snoop", "editcap"}},
      {"GMBU and more", {"is a capture of Network Monitor", "editcap"}},
      {"just some text", {"neither a pcap nor a pcapng", "editcap"}},
  };
  for (const auto& [content, expected] : files) {
    write_file(folder.path() / "x", content);
    try {
      open_capture_file(folder.path() / "x");
      FAIL() << content;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr(expected.first));
      EXPECT_THAT(error.remedy(), testing::HasSubstr(expected.second));
    }
  }
  try {
    open_capture_file(captures_path / "modified.pcap");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("\"modified\" pcap"));
  }
}

// `file` as it is refused: the message and its remedy.
std::string refusal_of(const fs::path& file) {
  try {
    frames_of(file);
  } catch (const Error& error) {
    return std::string(error.what()) + "; " + error.remedy();
  }
  return {};
}

TEST(CaptureFile, LinksThatAreNotReadAreRefusedByName) {
  const TempFolder folder;
  const fs::path file = folder.path() / "x";
  const std::string refusal =
      file.string() +
      " was captured on USB (Linux), which is not read here; capture on an Ethernet interface, or with -i any";
  write_file(file, pcap(189, ""));
  EXPECT_EQ(refusal_of(file), refusal);
  const std::string on_usb = section() + interface(189) + packet(0, 0, "on this one");
  write_file(file, on_usb);
  EXPECT_EQ(refusal_of(file), refusal);
  write_file(file, on_usb.substr(0, on_usb.size() - 5));
  EXPECT_EQ(refusal_of(file), refusal) << "more than that it is cut off";
  write_file(file, pcap(127, ""));
  EXPECT_THAT(refusal_of(file), testing::HasSubstr("captured on IEEE 802.11 with radiotap, which"));
  write_file(file, pcap(1234, ""));
  EXPECT_THAT(refusal_of(file), testing::HasSubstr("captured on a link of type 1234, which"));
}

TEST(CaptureFile, AnUnreadLinkBesideOthersHasFramesWithoutBytes) {
  const TempFolder folder;
  const fs::path file = folder.path() / "x";
  write_file(file, section() + interface(189) + packet(0, 0, "on USB") + interface(1) +
                       packet(1, 0, "on the other one") + packet(0, 0, "on USB"));
  const auto capture = open_capture_file(file);
  const auto frames = all_frames(*capture);
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_TRUE(frames[0].bytes.empty());
  EXPECT_EQ(frames[0].frame.length, 6U);
  EXPECT_FALSE(is_read(capture->interfaces().at(frames[0].frame.interface).link_type));
  EXPECT_EQ(frames[1].bytes.size(), 16U);
  EXPECT_TRUE(is_read(capture->interfaces().at(frames[1].frame.interface).link_type));
  EXPECT_TRUE(frames[2].bytes.empty());
}

}  // namespace
}  // namespace offlab
