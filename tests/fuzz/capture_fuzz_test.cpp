// Ten thousand damaged captures: each is read or refused with a reason, at once, and no frame is ever made up.
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include "base/error.h"
#include "capture/annotate_capture.h"
#include "capture/capture_set.h"
#include "folders.h"
#include "fuzz/read_capture.h"
#include "unit/capture/compression.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using Random = std::mt19937;

constexpr unsigned files = 10'000;
constexpr auto slowest_allowed = std::chrono::seconds(2);  // with sanitizers, on a busy machine

std::string content_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  return bytes.str();
}

std::vector<std::string> seeds() {
  std::vector<std::string> captures;
  for (const char* folder : {"/tests/fuzz/corpus-captures", "/tests/data/captures"})
    for (const auto& entry : fs::directory_iterator(source_folder() + std::string(folder)))
      if (entry.path().extension() != ".tsv") captures.push_back(content_of(entry.path()));
  return captures;
}

std::size_t below(Random& random, std::size_t limit) {
  return limit == 0 ? 0 : random() % limit;
}

// Numbers that lengths and counts should not have.
std::uint32_t odd_number(Random& random) {
  constexpr std::array<std::uint32_t, 12> numbers = {
      0, 1, 3, 4, 11, 12, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffc, 0xfffffffd, 0xffffffff};
  return numbers[below(random, numbers.size())];
}

void put_number(std::string& bytes, std::size_t at, std::uint32_t number, std::size_t size) {
  for (std::size_t byte = 0; byte < size && at + byte < bytes.size(); ++byte)
    bytes[at + byte] = static_cast<char>(number >> (8 * byte));
}

void damage(std::string& bytes, Random& random) {
  const std::size_t at = below(random, bytes.size());
  switch (random() % 7) {
    case 0:
      if (!bytes.empty()) bytes[at] = static_cast<char>(random());
      break;
    case 1:
      put_number(bytes, at / 4 * 4, odd_number(random), 4);
      break;
    case 2:
      put_number(bytes, at / 2 * 2, odd_number(random), 2);
      break;
    case 3:
      bytes.erase(at, 1 + below(random, 40));
      break;
    case 4:
      bytes.insert(at, bytes.substr(below(random, bytes.size()), 4 * below(random, 20)));
      break;
    case 5:
      bytes.resize(at);
      break;
    default:
      bytes += bytes.substr(at, 400);
  }
}

CaptureReading read(const std::string& bytes) {
  return read_capture({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

// Comments go into any file that passes for one of ours, and leave its frames as they are.
void expect_annotated(const std::string& bytes, const CaptureReading& before) {
  const TempFolder folder;
  const fs::path file = folder.path() / "x.pcapng";
  write_file(file, bytes);
  try {
    annotate_capture(file.parent_path(), file.filename(), {{1, "a finding"}});
  } catch (const Error&) {
    EXPECT_EQ(content_of(file), bytes);
    return;
  }
  EXPECT_EQ(read(content_of(file)).frames, before.frames);
}

TEST(CaptureFuzz, TheSeedsAreWhatTheyAreMeantToBe) {
  std::size_t good = 0;
  const auto originals = seeds();
  for (const std::string& bytes : originals) good += read(bytes).refused ? 0U : 1U;
  EXPECT_GE(good, 30U);
  EXPECT_GE(originals.size() - good, 12U);
}

TEST(CaptureFuzz, TenThousandDamagedCapturesAreEachReadOrRefusedWithAReason) {
  const std::vector<std::string> originals = seeds();
  std::uint64_t frames = 0;
  unsigned accepted = 0;
  for (unsigned number = 0; number < files; ++number) {
    Random random(number);
    std::string bytes = originals[below(random, originals.size())];
    for (std::size_t times = 1 + below(random, 4); times > 0; --times) damage(bytes, random);
    const auto begin = std::chrono::steady_clock::now();
    const CaptureReading reading = read(bytes);
    ASSERT_LT(std::chrono::steady_clock::now() - begin, slowest_allowed) << "file " << number;
    frames += reading.frames;
    accepted += reading.refused ? 0U : 1U;
    if (reading.refused) {
      EXPECT_NE(reading.refused->find("/proc/self/fd/"), std::string::npos) << *reading.refused;
    }
    if (number % 10 == 0) expect_annotated(bytes, reading);
    if (HasFailure()) FAIL() << "file " << number;
  }
  // Both kinds must come up, or the damage is too heavy or too light to say anything.
  EXPECT_GT(accepted, files / 20);
  EXPECT_LT(accepted, files * 3 / 4);
  EXPECT_GT(frames, files);
}

// The frames that a set has of the file, and why it was refused.
CaptureReading read_set(const CaptureSet& set) {
  CaptureReading reading;
  try {
    const auto frames = set.open();
    for (Frame frame; frames->next(frame);) ++reading.frames;
  } catch (const Error& error) {
    reading.refused = error.what();
  }
  return reading;
}

TEST(CaptureFuzz, ADamagedCompressedCaptureIsGoodUpToTheDamage) {
  const TempFolder folder;
  const fs::path file = folder.path() / "x.gz";
  const std::vector<std::string> originals = seeds();
  unsigned cut_off = 0;
  unsigned frames = 0;
  for (unsigned number = 0; number < files / 10; ++number) {
    Random random(number);
    std::string bytes = originals[below(random, originals.size())];
    const bool inside = random() % 2 == 0;
    if (inside) damage(bytes, random);
    bytes = gzipped(bytes);
    if (!inside) damage(bytes, random);
    write_file(file, bytes);
    try {
      const CaptureSet set({file});
      const CaptureReading once = read_set(set);
      const CaptureReading again = read_set(set);
      EXPECT_EQ(once.frames, again.frames);
      EXPECT_EQ(once.refused, again.refused);
      cut_off += set.cut_off().empty() ? 0U : 1U;
      frames += once.frames > 0 ? 1U : 0U;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(file.string()), std::string::npos) << error.what();
    }
    if (HasFailure()) FAIL() << "file " << number;
  }
  EXPECT_GT(cut_off, files / 100);
  EXPECT_GT(frames, files / 50);
}

}  // namespace
}  // namespace offlab
