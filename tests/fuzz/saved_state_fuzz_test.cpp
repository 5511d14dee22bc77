// Ten thousand damaged heads of saved guests: the description is read and replaced, or the file is refused and stays as
// it is.
#include <cstring>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/read_file.h"
#include "folders.h"
#include "fuzz/attempt.h"
#include "fuzz/small_run.h"
#include "libvirt/saved_state.h"
#include "unit/temp_folder.h"

namespace offlab::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t header_size = 92;
constexpr std::size_t at_size = 20;

// Half of the damage goes to the header, whose numbers are what the rest is read by.
Damaged damaged_head(const std::string& head, Random& random) {
  if (random() % 2 == 0) return damaged_bytes(head, random);
  constexpr std::uint32_t numbers[] = {0,          1,          2,          91,         92,        0xffff,
                                       65535 + 92, 0x7fffffff, 0x80000000, 0xffffffff, 16U << 20U};
  const std::size_t at = 4 * below(random, header_size / 4);
  const std::uint32_t number = random() % 3 == 0 ? static_cast<std::uint32_t>(random() % (2 * head.size()))
                                                 : numbers[below(random, std::size(numbers))];
  std::string text = head;
  text.replace(at, sizeof number, reinterpret_cast<const char*>(&number), sizeof number);
  return {text, std::to_string(number) + " at byte " + std::to_string(at)};
}

TEST(SavedStateFuzz, TenThousandDamagedHeadsAreEachReadOrRefusedWithAReason) {
  const std::string head = read_whole_file(fs::path(tests_folder()) / "data/saved-guest/head");
  const TempFolder temp(memory_folder());
  const fs::path file = temp.path() / "state";
  Tally tally;
  try_all([&](Random& random, const std::string& seed) {
    const Damaged changed = damaged_head(head, random);
    const std::string name = seed + ": " + changed.how;
    const std::string memory(below(random, 2) * 5000, 'm');  // of the guest, behind its description
    write_file(file, changed.text + memory);
    const auto unread = refusal_of(name, [&] { saved_description(file); });
    const std::string xml = "<domain>" + std::string(below(random, 70'000), 'x') + "</domain>";
    const auto refused = refusal_of(name, [&] { replace_saved_description(file, xml); });
    tally.count(refused);
    const std::string after = read_whole_file(file);
    EXPECT_EQ(after.size(), changed.text.size() + memory.size()) << name;
    if (refused) {
      EXPECT_EQ(after, changed.text + memory) << name;
    } else {
      EXPECT_FALSE(unread) << name;
      EXPECT_EQ(saved_description(file), xml) << name;
      std::uint32_t size = 0;  // of the description, as the header has it
      std::memcpy(&size, after.data() + at_size, sizeof size);
      EXPECT_EQ(after.substr(header_size + size), (changed.text + memory).substr(header_size + size)) << name;
    }
  });
  tally.expect_both();
}

TEST(SavedStateFuzz, WhatIsNoFileIsRefusedAtOnce) {
  const TempFolder temp(memory_folder());
  const fs::path file = temp.path() / "state";
  ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
  for (const fs::path& one : {file, temp.path(), fs::path("/dev/zero"), temp.path() / "nowhere"}) {
    EXPECT_TRUE(refusal_of(one, [&] { saved_description(one); })) << one;
    EXPECT_TRUE(refusal_of(one, [&] { replace_saved_description(one, "<domain/>"); })) << one;
  }
}

}  // namespace
}  // namespace offlab::fuzz
