// The files of one side: read as one capture, in the order of time, as often as is asked.
#include "capture/capture_set.h"

#include <fstream>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/handle.h"
#include "capture/frame_spool.h"
#include "unit/capture/capture_bytes.h"
#include "unit/capture/compression.h"
#include "unit/refusal.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::string content_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  return bytes.str();
}

std::string frame_at(std::uint32_t second, const std::string& bytes) {
  return u32(second) + u32(0) + u32(bytes.size()) + u32(bytes.size()) + bytes;
}

std::string text_of(FrameSource& frames) {
  std::string text;
  for (Frame frame; frames.next(frame);) text.append(frame.bytes.begin(), frame.bytes.end()).append(" ");
  return text;
}

std::string text_of(const CaptureSet& set) {
  return text_of(*set.open());
}

// A pipe in which something is written; a thread does it, since a pipe holds little.
class WrittenPipe {
 public:
  explicit WrittenPipe(std::string content) {
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    out_.reset(ends[0]);
    writer_ = std::thread([end = ends[1], content = std::move(content)] {
      UniqueFd in(end);
      for (std::size_t at = 0; at < content.size();) {
        const ssize_t written = write(in.get(), content.data() + at, std::min<std::size_t>(content.size() - at, 5000));
        if (written <= 0) return;
        at += static_cast<std::size_t>(written);
      }
    });
  }
  WrittenPipe(const WrittenPipe&) = delete;
  ~WrittenPipe() { writer_.join(); }
  fs::path path() const { return "/dev/fd/" + std::to_string(out_.get()); }
  int end() const { return out_.get(); }

 private:
  UniqueFd out_;
  std::thread writer_;
};

// Standard input is something else for one test.
class StandardInput {
 public:
  explicit StandardInput(int instead) : before_(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)) {
    dup2(instead, STDIN_FILENO);
  }
  StandardInput(const StandardInput&) = delete;
  ~StandardInput() {
    if (before_)
      dup2(before_.get(), STDIN_FILENO);
    else
      close(STDIN_FILENO);
  }

 private:
  UniqueFd before_;
};

class CaptureSetTest : public testing::Test {
 protected:
  fs::path file(const std::string& name, const std::string& content) const {
    write_file(folder_.path() / name, content);
    return folder_.path() / name;
  }

  TempFolder folder_;
};

void expect_same_frames(FrameSource& got, FrameSource& expected) {
  Frame one;
  Frame other;
  while (expected.next(other)) {
    ASSERT_TRUE(got.next(one));
    EXPECT_EQ(one.time_ns, other.time_ns);
    EXPECT_EQ(one.length, other.length);
    EXPECT_EQ(one.interface, other.interface);
    EXPECT_EQ(one.has_direction, other.has_direction);
    EXPECT_EQ(one.to_guest, other.to_guest);
    EXPECT_THAT(one.bytes.size(), AnyOf(other.bytes.size(), FrameSpool::kept_of(other.bytes)));
    EXPECT_TRUE(std::equal(one.bytes.begin(), one.bytes.end(), other.bytes.begin()));
  }
  EXPECT_FALSE(got.next(one));
}

TEST_F(CaptureSetTest, OneFileIsReadAsItIsAnyNumberOfTimes) {
  const fs::path plain = captures_path / "two-interfaces.pcapng";
  for (const std::string ending : {"", ".gz", ".xz", ".zst", ".lz4", ".bz2"}) {
    const CaptureSet set({plain.string() + ending});
    for (int time = 0; time < 3; ++time) expect_same_frames(*set.open(), *open_capture_file(plain));
    EXPECT_EQ(set.name(), "two-interfaces.pcapng" + ending);
    EXPECT_EQ(set.cut_off(), "");
    EXPECT_EQ(set.interfaces().size(), 2U);
    EXPECT_EQ(set.frame_name(7), "frame 7");
  }
}

TEST_F(CaptureSetTest, ACompressedFileHasTheSameHeadersOnEveryLink) {
  for (const std::string name : {"cooked.pcap", "cooked-2.pcap", "loopback.pcap", "raw-ip.pcap", "raw-ip.pcapng"}) {
    const CaptureSet set({file(name + ".gz", gzipped(content_of(captures_path / name)))});
    for (int time = 0; time < 2; ++time) expect_same_frames(*set.open(), *open_capture_file(captures_path / name));
  }
}

TEST_F(CaptureSetTest, ReadersSideBySideSeeTheSame) {
  const fs::path plain = captures_path / "two-interfaces.pcapng";
  const CaptureSet set({plain.string() + ".gz"});
  const auto first = set.open();
  const auto second = set.open();
  Frame frame;
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(first->next(frame));
  expect_same_frames(*second, *open_capture_file(plain));
  int left = 0;
  while (first->next(frame)) ++left;
  EXPECT_EQ(left, 15);
  expect_same_frames(*set.open(), *open_capture_file(plain));
}

TEST_F(CaptureSetTest, AReaderThatStopsEarlyLeavesTheRestToOthers) {
  const fs::path plain = captures_path / "two-interfaces.pcapng";
  const CaptureSet set({plain.string() + ".xz"});
  Frame frame;
  ASSERT_TRUE(set.open()->next(frame));
  expect_same_frames(*set.open(), *open_capture_file(plain));
}

TEST_F(CaptureSetTest, FilesAreReadInTheOrderOfTime) {
  const fs::path oldest = file("wan.pcap2", pcap(1, frame_at(10, "a") + frame_at(11, "b")));
  const fs::path middle = file("wan.pcap0", pcap(1, frame_at(20, "c")));
  const fs::path newest = file("wan.pcap1", pcap(101, frame_at(30, "d")));
  for (const auto& files : {std::vector{middle, newest, oldest}, {newest, oldest, middle}, {oldest, middle, newest}}) {
    const CaptureSet set(files);
    const std::string ethernet_before_raw_ip = std::string(12, '\0') + "\x86\xdd";
    EXPECT_EQ(text_of(set), "a b c " + ethernet_before_raw_ip + "d ");
    EXPECT_THAT(set.files(), ElementsAre(oldest, middle, newest));
    EXPECT_EQ(set.name(), "wan.pcap2 and 2 more");
  }
}

TEST_F(CaptureSetTest, SomeOfThemMayBeCompressed) {
  const CaptureSet set({file("2.gz", gzipped(pcap(1, frame_at(20, "b")))), file("1", pcap(1, frame_at(10, "a"))),
                        file("3.gz", gzipped(pcap(1, frame_at(30, "c"))))});
  EXPECT_EQ(text_of(set), "a b c ");
  EXPECT_EQ(text_of(set), "a b c ");
}

TEST_F(CaptureSetTest, TellsInWhichFileAFrameIs) {
  const fs::path first = file("wan.pcap0", pcap(1, frame_at(10, "a") + frame_at(11, "b")));
  const fs::path without = file("wan.pcap1", pcap(1, ""));
  const fs::path last = file("wan.pcap2", pcap(1, frame_at(20, "c") + frame_at(21, "d")));
  const CaptureSet set({last, without, first});
  EXPECT_EQ(text_of(set), "a b c d ");
  const std::vector<std::string> expected = {"wan.pcap0 #1", "wan.pcap0 #2", "wan.pcap2 #1", "wan.pcap2 #2"};
  for (std::uint64_t number = 1; number <= 4; ++number) EXPECT_EQ(set.frame_name(number), expected[number - 1]);
  EXPECT_EQ(set.place_of(3).file, last);
  EXPECT_EQ(set.place_of(3).number, 1U);
}

TEST_F(CaptureSetTest, InterfacesAreCountedThroughAllFiles) {
  const fs::path first = file("1", section() + interface(1, 0, option(2, "eth0")) + packet(0, 1, "a") +
                                       interface(101, 0, option(2, "tun0")) + packet(1, 2, "b"));
  const fs::path second = file("2.gz", gzipped(section() + interface(1, 0, option(2, "eth1")) + packet(0, 3, "c")));
  const CaptureSet set({second, first});
  for (int time = 0; time < 2; ++time) {
    std::string indices;
    const auto frames = set.open();
    for (Frame frame; frames->next(frame);) indices += std::to_string(frame.interface);
    EXPECT_EQ(indices, "012");
    ASSERT_EQ(set.interfaces().size(), 3U);
    EXPECT_EQ(set.interfaces()[1].name, "tun0");
    EXPECT_EQ(set.interfaces()[2].name, "eth1");
  }
}

TEST_F(CaptureSetTest, AnEmptyFileOfARingIsPassedOver) {
  const fs::path good = file("wan.pcap0", pcap(1, frame_at(10, "a")));
  const CaptureSet set({file("wan.pcap1", ""), file("wan.pcap2", pcap(1, "")), good});
  EXPECT_EQ(text_of(set), "a ");
  EXPECT_EQ(set.cut_off(), "");
  EXPECT_EQ(set.files().front(), good);
  EXPECT_THAT(refusal([&] {
                CaptureSet({file("x", ""), file("y", pcap(1, ""))});
              }),
              HasSubstr("none of the 2 captures has a frame"));
  EXPECT_THAT(refusal([&] { CaptureSet({file("x", "")}); }), HasSubstr("is empty"));
}

TEST_F(CaptureSetTest, AFileThatEndsEarlyIsGoodUpToThere) {
  const std::string whole = pcap(1, frame_at(10, "a") + frame_at(11, "b"));
  const fs::path cut = file("wan.pcap0", whole.substr(0, whole.size() - 1));
  const fs::path later = file("wan.pcap1", pcap(1, frame_at(20, "c")));
  for (const auto& files : {std::vector{cut}, {later, cut}}) {
    const CaptureSet set(files);
    for (int time = 0; time < 2; ++time) {
      EXPECT_EQ(text_of(set), files.size() == 1 ? "a " : "a c ");
      EXPECT_THAT(set.cut_off(), HasSubstr(cut.string() + " is cut off at byte 41, after 1 complete frame"));
    }
    Frame frame;
    set.open()->next(frame);
    EXPECT_THAT(set.cut_off(), HasSubstr("is cut off")) << "one that stops early does not take it back";
  }
  const CaptureSet header({later, file("wan.pcap2", whole.substr(0, 20))});
  EXPECT_EQ(text_of(header), "c ");
  EXPECT_THAT(header.cut_off(), HasSubstr("wan.pcap2 is cut off at byte 0"));
}

TEST_F(CaptureSetTest, DamageInACompressedFileEndsIt) {
  const std::string bad = pcap(1, frame_at(10, "a") + u32(11) + u32(0) + u32(0xffffffff) + u32(60));
  const CaptureSet set({file("x.gz", gzipped(bad))});
  EXPECT_EQ(text_of(set), "a ");
  EXPECT_EQ(text_of(set), "a ");
  EXPECT_THAT(set.cut_off(), HasSubstr("x.gz is damaged at byte 41, after 1 complete frame"));
  const CaptureSet plain({file("x", bad)});
  EXPECT_THAT(refusal([&] { text_of(plain); }), HasSubstr("x is damaged at byte 41"));
}

TEST_F(CaptureSetTest, AFailureIsToldEachTime) {
  std::string of_other_version = section();
  of_other_version[12] = 9;
  const std::string bad = section() + interface(1) + packet(0, 0, "a") + of_other_version;
  const CaptureSet set({file("x.gz", gzipped(bad))});
  for (int time = 0; time < 2; ++time) {
    const auto frames = set.open();
    Frame frame;
    EXPECT_TRUE(frames->next(frame));
    EXPECT_THAT(refusal([&] { frames->next(frame); }), HasSubstr("version 9"));
  }
}

TEST_F(CaptureSetTest, StandardInputIsReadThroughAPipe) {
  const fs::path plain = captures_path / "two-interfaces.pcapng";
  for (const std::string ending : {"", ".gz"}) {
    const WrittenPipe pipe(content_of(plain.string() + ending));
    const StandardInput input(pipe.end());
    const CaptureSet set({"-"});
    EXPECT_EQ(set.name(), "standard input");
    for (int time = 0; time < 3; ++time) expect_same_frames(*set.open(), *open_capture_file(plain));
  }
}

TEST_F(CaptureSetTest, StandardInputMayBeAFile) {
  const UniqueFd opened(open(file("x", pcap(1, frame_at(10, "a"))).c_str(), O_RDONLY | O_CLOEXEC));
  const StandardInput input(opened.get());
  const CaptureSet set({"-"});
  EXPECT_EQ(text_of(set), "a ");
  EXPECT_EQ(text_of(set), "a ");
}

TEST_F(CaptureSetTest, APipeIsReadOnceAndKept) {
  std::string packets;
  for (std::uint32_t i = 0; i < 3000; ++i) packets += frame_at(i, std::string(1000, 'x'));
  const WrittenPipe pipe(pcap(1, packets));
  const CaptureSet set({pipe.path()});
  EXPECT_EQ(set.name(), pipe.path().string());
  for (int time = 0; time < 2; ++time) {
    const auto frames = set.open();
    std::uint32_t count = 0;
    for (Frame frame; frames->next(frame); ++count) {
      ASSERT_EQ(frame.time_ns, std::int64_t{count} * 1'000'000'000);
      ASSERT_EQ(frame.length, 1000U);
      ASSERT_EQ(frame.bytes.size(), FrameSpool::kept_bytes);
    }
    EXPECT_EQ(count, 3000U);
  }
}

TEST_F(CaptureSetTest, PipesAreSortedAmongFiles) {
  const WrittenPipe later(pcap(1, frame_at(30, "d") + frame_at(31, "e")));
  const WrittenPipe earlier(gzipped(pcap(1, frame_at(10, "a") + frame_at(11, "b"))));
  const WrittenPipe silent("");
  const CaptureSet set({later.path(), silent.path(), file("x", pcap(1, frame_at(20, "c"))), earlier.path()});
  EXPECT_EQ(text_of(set), "a b c d e ");
  EXPECT_EQ(text_of(set), "a b c d e ");
  EXPECT_EQ(set.cut_off(), "");
}

TEST_F(CaptureSetTest, AFileIsGivenOnce) {
  const fs::path capture = file("x", pcap(1, frame_at(10, "a")));
  fs::create_hard_link(capture, folder_.path() / "y");
  fs::create_symlink(capture, folder_.path() / "z");
  const std::string roundabout = "../" + folder_.path().filename().string() + "/x";
  for (const std::string& name : {std::string("x"), std::string("y"), std::string("z"), roundabout})
    EXPECT_THAT(refusal([&] { CaptureSet({capture, folder_.path() / name}); }), HasSubstr("is given twice")) << name;
  EXPECT_THAT(refusal([&] { CaptureSet({"-", "-"}); }), HasSubstr("standard input is given twice"));
}

TEST_F(CaptureSetTest, WhatCannotBeReadIsNamed) {
  const fs::path good = file("x", pcap(1, frame_at(10, "a")));
  const fs::path missing = folder_.path() / "missing";
  EXPECT_THAT(refusal([&] {
                CaptureSet({good, missing});
              }),
              HasSubstr("opening " + missing.string() + ": No such file or directory"));
  EXPECT_THAT(refusal([&] { CaptureSet({folder_.path()}); }), HasSubstr(folder_.path().string() + " is a folder"));
  const fs::path text = file("text", "neither this nor that");
  EXPECT_THAT(refusal([&] { CaptureSet({good, text}); }), HasSubstr(text.string() + " is neither a pcap nor"));
  EXPECT_THAT(refusal([] { CaptureSet({}); }), HasSubstr("no capture"));
}

TEST_F(CaptureSetTest, ATerminalIsRefusedWithARemedy) {
  const UniqueFd terminal(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_TRUE(terminal);
  const StandardInput input(terminal.get());
  try {
    const CaptureSet set({"-"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("standard input is a terminal"));
    EXPECT_THAT(error.remedy(), HasSubstr("tcpdump"));
  }
}

}  // namespace
}  // namespace offlab
