// Findings as packet comments: beside the right frames, replaced when judged again, and nothing else touched.
#include "capture/annotate_capture.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "unit/capture/capture_bytes.h"
#include "unit/recorded_run.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const fs::path recorded = recorded_run_path / "cases/02-hypervisor-lro/case/router-wan.pcapng";
const std::string bogus = "bogus fragmentation needed: advertises MTU 1500, the sender's packets have 1500 B";

std::string content_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

struct ProgramOutput {
  std::string output;
  std::string errors;
};

class AnnotateCapture : public testing::Test {
 protected:
  AnnotateCapture() { fs::copy_file(recorded, file_); }

  ProgramOutput run(const std::string& command) const {
    const fs::path errors = folder_.path() / "errors";
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen((command + " 2> " + errors.string()).c_str(), "r"),
                                                               [](std::FILE* file) {
                                                                 EXPECT_EQ(pclose(file), 0);
                                                                 return 0;
                                                               });
    ProgramOutput result;
    for (std::array<char, 4096> line; std::fgets(line.data(), line.size(), pipe.get()) != nullptr;)
      result.output += line.data();
    std::ifstream stream(errors);
    for (std::string line; std::getline(stream, line);)
      if (line.find("Running as user") == std::string::npos) result.errors += line + "\n";
    return result;
  }

  // What annotating fails with. The file stays as it is, and nothing is left beside it.
  std::string failure_of(const FrameComments& comments) {
    const std::string before = content_of(file_);
    std::string failure;
    try {
      annotate_capture(file_.parent_path(), file_.filename(), comments);
    } catch (const Error& error) {
      failure = error.what();
    }
    EXPECT_EQ(content_of(file_), before);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), {}), 1);
    return failure;
  }

  TempFolder folder_;
  fs::path file_ = folder_.path() / "router-wan.pcapng";
};

TEST_F(AnnotateCapture, WithoutCommentsTheFileStaysAsItIs) {
  annotate_capture(file_.parent_path(), file_.filename(), {});
  EXPECT_EQ(content_of(file_), content_of(recorded));
}

TEST_F(AnnotateCapture, OnlyTheFrameItIsAboutChanges) {
  annotate_capture(file_.parent_path(), file_.filename(), {{20, bogus}});
  const std::string before = content_of(recorded);
  const std::string after = content_of(file_);
  const std::string added = option(1, "offlab: " + bogus);
  EXPECT_EQ(after.size(), before.size() + added.size());
  const auto at = after.find(added);
  ASSERT_NE(at, std::string::npos);
  std::string without = after.substr(0, at) + after.substr(at + added.size());
  std::size_t different = 0;
  for (std::size_t i = 0; i < before.size(); ++i) different += before[i] == without[i] ? 0U : 1U;
  EXPECT_LE(different, 4U);  // the block's two lengths
  EXPECT_GE(different, 2U);
}

TEST_F(AnnotateCapture, TheFramesAreReadAsBefore) {
  annotate_capture(file_.parent_path(), file_.filename(), {{1, "first"}, {20, bogus}, {309, "last"}});
  const auto before = frames_of(recorded);
  const auto after = frames_of(file_);
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(after[i].bytes, before[i].bytes);
    EXPECT_EQ(after[i].frame.gso, before[i].frame.gso);
    EXPECT_EQ(after[i].frame.gso_size, before[i].frame.gso_size);
    EXPECT_EQ(after[i].frame.needs_checksum, before[i].frame.needs_checksum);
    EXPECT_EQ(after[i].frame.to_guest, before[i].frame.to_guest);
    EXPECT_TRUE(after[i].frame.has_vnet);
  }
}

TEST_F(AnnotateCapture, EarlierCommentsAreReplaced) {
  annotate_capture(file_.parent_path(), file_.filename(), {{20, bogus}, {20, "a second finding"}, {309, "last"}});
  const std::string once = content_of(file_);
  annotate_capture(file_.parent_path(), file_.filename(), {{20, bogus}, {20, "a second finding"}, {309, "last"}});
  EXPECT_EQ(content_of(file_), once);
  annotate_capture(file_.parent_path(), file_.filename(), {{21, "another one"}});
  EXPECT_EQ(content_of(file_).find(bogus), std::string::npos);
  annotate_capture(file_.parent_path(), file_.filename(), {});
  EXPECT_EQ(content_of(file_), content_of(recorded));
}

// Wireshark shows a comment, and tshark prints it.
TEST_F(AnnotateCapture, ACommentIsOneCleanLine) {
  annotate_capture(file_.parent_path(), file_.filename(),
                   {{20, "a\033]0;title\007\nvnet_hdr: gso=none\u009b2J\uffff\xff"}});
  EXPECT_THAT(content_of(file_), HasSubstr(option(1, "offlab: a / vnet_hdr: gso=none??")));
}

TEST_F(AnnotateCapture, KeepsTheFilesPermissions) {
  fs::permissions(file_, fs::perms::owner_read | fs::perms::owner_write);
  annotate_capture(file_.parent_path(), file_.filename(), {{1, "first"}});
  EXPECT_EQ(fs::status(file_).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(AnnotateCapture, AFrameThatIsNotThereIsAnError) {
  EXPECT_THAT(failure_of({{310, "beyond"}}), HasSubstr("has 309 frames, but a comment is for frame 310"));
  EXPECT_THAT(failure_of({{0, "before"}}), HasSubstr("frame 0"));
}

TEST_F(AnnotateCapture, FilesThatOfflabDidNotWriteAreLeftAlone) {
  for (const char* name : {"ethernet.pcapng", "sections.pcapng", "microseconds.pcap"}) {
    fs::copy_file(captures_path / name, file_, fs::copy_options::overwrite_existing);
    EXPECT_THAT(failure_of({{1, "x"}}), HasSubstr("was not written by offlab")) << name;
  }
  write_file(file_, content_of(recorded) + content_of(captures_path / "ethernet.pcapng"));
  EXPECT_THAT(failure_of({{1, "x"}}), HasSubstr("was not written by offlab"));
  write_file(file_, "");
  EXPECT_NE(failure_of({{1, "x"}}), "");
}

TEST_F(AnnotateCapture, ADamagedFileIsLeftAlone) {
  fs::resize_file(file_, fs::file_size(file_) - 1);
  EXPECT_THAT(failure_of({{1, "x"}}), HasSubstr("is cut off"));
  write_file(file_, section(option(4, "offlab")) + interface(1) + packet(0, 1, "x", u16(1) + u16(9)));
  EXPECT_THAT(failure_of({{1, "x"}}), HasSubstr("run past its end"));
  write_file(file_, section(option(4, "offlab")) + interface(1) + block(6, u64(0) + u32(0) + u64(0xffffffffffffffff)));
  EXPECT_THAT(failure_of({{1, "x"}}), HasSubstr("longer than its block"));
}

TEST_F(AnnotateCapture, TsharkShowsTheCommentsAndDoesNotComplain) {
  if (std::system("command -v tshark > /dev/null 2>&1") != 0) GTEST_SKIP() << "tshark is not installed";
  annotate_capture(file_.parent_path(), file_.filename(),
                   {{20, bogus}, {20, "naïve, with two comments"}, {309, "last"}});
  const ProgramOutput shown = run("tshark -r " + file_.string() +
                                  " -Y 'frame.comment contains \"offlab: \"' -T fields -E aggregator=';'"
                                  " -e frame.number -e frame.comment");
  EXPECT_EQ(shown.output, "20\tvnet_hdr: gso=tcp4 size=1448 csum;offlab: " + bogus +
                              ";offlab: naïve, with two comments\n309\tofflab: last\n");
  EXPECT_EQ(shown.errors, "");
}

}  // namespace
}  // namespace offlab
