// The digest of a file, and of what is none.
#include "base/digest.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

TEST(Digest, OfAFileIsThatOfItsBytes) {
  const TempFolder temp;
  write_file(temp.path() / "file", std::string(1'000'000, 'x'));
  EXPECT_EQ(sha256_hex_of_file(temp.path() / "file"), sha256_hex(std::string(1'000'000, 'x')));
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Digest, OfAFifoOrADeviceThereIsNone) {
  const TempFolder temp;
  const std::filesystem::path fifo = temp.path() / "fifo";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  for (const std::filesystem::path& file : {fifo, std::filesystem::path("/dev/zero"), temp.path()}) try {
      sha256_hex_of_file(file);
      ADD_FAILURE() << file;
    } catch (const Error& error) {
      EXPECT_EQ(error.what(), file.string() + " is no regular file");
    }
}

}  // namespace
}  // namespace offlab
