// Frames in a temporary file: what comes out is what went in, cut to what is kept.
#include "capture/frame_spool.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "capture/stored_frames.h"
#include "unit/refusal.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

// Frames of all lengths around what is kept, with all fields set, several times what the buffers hold.
std::vector<StoredFrame> many_frames() {
  std::vector<StoredFrame> frames;
  for (unsigned i = 0; i < 3000; ++i) {
    Frame frame;
    frame.time_ns = -5 + std::int64_t{i} * 1'000'000'007;
    frame.length = i * 77;
    frame.interface = static_cast<std::uint16_t>(i * 31);
    frame.has_direction = i % 2 == 0;
    frame.to_guest = i % 4 == 0;
    frame.has_vnet = i % 3 == 0;
    frame.gso = static_cast<GsoType>(i % 4);
    frame.gso_size = static_cast<std::uint16_t>(i);
    frame.needs_checksum = i % 5 == 0;
    frames.push_back({frame, std::vector<std::uint8_t>(i % 400, static_cast<std::uint8_t>(i))});
  }
  return frames;
}

Frame with_bytes(const StoredFrame& stored) {
  Frame frame = stored.frame;
  frame.bytes = stored.bytes;
  return frame;
}

void expect_kept(const Frame& got, const StoredFrame& expected) {
  EXPECT_EQ(got.time_ns, expected.frame.time_ns);
  EXPECT_EQ(got.length, expected.frame.length);
  EXPECT_EQ(got.interface, expected.frame.interface);
  EXPECT_EQ(got.has_direction, expected.frame.has_direction);
  EXPECT_EQ(got.to_guest, expected.frame.to_guest);
  EXPECT_EQ(got.has_vnet, expected.frame.has_vnet);
  EXPECT_EQ(got.gso, expected.frame.gso);
  EXPECT_EQ(got.gso_size, expected.frame.gso_size);
  EXPECT_EQ(got.needs_checksum, expected.frame.needs_checksum);
  auto bytes = expected.bytes;
  bytes.resize(std::min(bytes.size(), FrameSpool::kept_bytes));
  EXPECT_EQ(std::vector<std::uint8_t>(got.bytes.begin(), got.bytes.end()), bytes);
}

TEST(FrameSpool, GivesBackWhatWasPutIn) {
  const auto frames = many_frames();
  FrameSpool spool;
  for (const StoredFrame& frame : frames) spool.append(with_bytes(frame));
  for (int time = 0; time < 2; ++time) {
    FrameSpool::Reader reader(spool);
    Frame got;
    for (const StoredFrame& frame : frames) {
      ASSERT_TRUE(reader.next(got));
      expect_kept(got, frame);
    }
    EXPECT_FALSE(reader.next(got));
  }
}

TEST(FrameSpool, IsReadWhileItGrows) {
  const auto frames = many_frames();
  FrameSpool spool;
  FrameSpool::Reader close(spool);
  FrameSpool::Reader far(spool);
  Frame got;
  EXPECT_FALSE(close.next(got));
  for (std::size_t i = 0; i < frames.size(); ++i) {
    spool.append(with_bytes(frames[i]));
    ASSERT_TRUE(close.next(got));
    expect_kept(got, frames[i]);
    EXPECT_FALSE(close.next(got));
    if (i % 2 == 1) continue;
    ASSERT_TRUE(far.next(got));
    expect_kept(got, frames[i / 2]);
  }
}

// $TMPDIR for one test.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& folder) {
    const char* before = std::getenv("TMPDIR");
    if (before != nullptr) before_ = before;
    setenv("TMPDIR", folder.c_str(), 1);
  }
  ~TemporaryFolder() { before_.empty() ? unsetenv("TMPDIR") : setenv("TMPDIR", before_.c_str(), 1); }

 private:
  std::string before_;
};

TEST(FrameSpool, LeavesNothingInTheFolderForTemporaryFiles) {
  const TempFolder folder;
  const TemporaryFolder here(folder.path());
  FrameSpool spool;
  spool.append(with_bytes(many_frames().back()));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(FrameSpool, AFolderThatIsNotThereIsNamed) {
  const TempFolder folder;
  const TemporaryFolder here(folder.path() / "missing");
  EXPECT_THAT(refusal([] { const FrameSpool spool; }),
              testing::HasSubstr("a temporary file in " + (folder.path() / "missing").string()));
}

}  // namespace
}  // namespace offlab
