// An image whose files were cut or replaced after it was built.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/json.h"
#include "cache/image_store.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

class ImageDamage : public testing::Test {
 protected:
  ImageDamage() {
    write_file(image() / "vmlinux", "a kernel");
    write_file(image() / "initrd", "an initrd");
    describe({{"name", "x"}, {"files", {{"vmlinux", sha256_hex("a kernel")}, {"initrd", sha256_hex("an initrd")}}}});
  }
  const fs::path& image() const { return temp_.path(); }
  void describe(const nlohmann::json& manifest) const { write_file(image() / "image.json", manifest.dump()); }

  TempFolder temp_;
};

TEST_F(ImageDamage, IsNoneWhenTheFilesAreWhatWasBuilt) {
  EXPECT_EQ(image_damage(image()), "");
}

TEST_F(ImageDamage, NamesTheFileThatWasCutOrReplaced) {
  fs::resize_file(image() / "initrd", 5);
  EXPECT_EQ(image_damage(image()), "initrd is not what was built");
  write_file(image() / "initrd", "an initrd");
  write_file(image() / "vmlinux", "b kernel");
  EXPECT_EQ(image_damage(image()), "vmlinux is not what was built");
}

TEST_F(ImageDamage, AMissingFileAndADamagedDescriptionAreFound) {
  fs::remove(image() / "initrd");
  EXPECT_THAT(image_damage(image()), HasSubstr("initrd"));
  write_file(image() / "image.json", "{");
  EXPECT_THAT(image_damage(image()), StartsWith("image.json is damaged"));
  describe({{"name", "of an earlier version"}});
  EXPECT_EQ(image_damage(image()), "image.json does not say what its files were");
  describe({{"files", "all"}});
  EXPECT_EQ(image_damage(image()), "image.json does not say what its files were");
}

}  // namespace
}  // namespace offlab
