// Recipes of disks.
#include "config/parse_disk_image.h"

#include <gtest/gtest.h>

#include "config/parse_image_recipe.h"
#include "good_file.h"

namespace offlab {
namespace {

using Lines = std::vector<std::string>;

constexpr std::string_view good = R"(name = "my-router"
disk = "router.qcow2"
firmware = "uefi"
bus = "sata"
memory = "1GiB"
boot_deadline = "3m"
configure = "nothing"

[login]
user = "admin"
key = "id_ed25519"
become = "sudo -n"
port = 2222
host_keys = ["ssh-ed25519 AAAA"]

[management]
nic = "e1000"
address = "10.0.0.1/24"

[interfaces]
wan = "ens18"
lan = "52:54:00:AB:cd:01"
dmz = ["ens20", "52:54:00:ab:cd:02"]
)";

std::string with(std::string_view piece, std::string_view replacement) {
  std::string text(good);
  return text.replace(text.find(piece), piece.size(), replacement);
}

Lines mistakes_in(std::string_view text) {
  return lines_of(parse_image_recipe(text, "f.toml").diagnostics);
}

TEST(ParseDiskImage, ReadsEveryKey) {
  const ParsedRecipe parsed = parse_image_recipe(good, "f.toml");
  EXPECT_EQ(lines_of(parsed.diagnostics), Lines{});
  ASSERT_TRUE(parsed.recipe && parsed.recipe->disk);
  EXPECT_EQ(parsed.recipe->name, "my-router");
  const DiskImage& disk = *parsed.recipe->disk;
  EXPECT_EQ(disk.file, "router.qcow2");
  EXPECT_EQ(disk.firmware, Firmware::uefi);
  EXPECT_EQ(disk.bus, DiskBus::sata);
  EXPECT_EQ(disk.memory_mib, 1024U);
  EXPECT_EQ(disk.boot_seconds, 180U);
  EXPECT_FALSE(disk.cloud_init);
  EXPECT_EQ(disk.configure, Configured::nothing);
  EXPECT_EQ(
      disk.login,
      (GuestLogin{
          .user = "admin", .key_file = "id_ed25519", .sudo = true, .port = 2222, .host_keys = {"ssh-ed25519 AAAA"}}));
  EXPECT_EQ(disk.management, (ManagementNic{NicModel::e1000, AddressFrom::fixed, parse_address("10.0.0.1"), 24}));
  EXPECT_EQ(disk.nics,
            (std::vector<GuestNic>{
                {"wan", "", "ens18"}, {"lan", "52:54:00:ab:cd:01", ""}, {"dmz", "52:54:00:ab:cd:02", "ens20"}}));
}

TEST(ParseDiskImage, NeedsADiskANameAndALogin) {
  const ParsedRecipe least = parse_image_recipe("name = \"r\"\ndisk = \"r.img\"\n[login]\nkey = \"k\"\n", "f.toml");
  ASSERT_TRUE(least.recipe && least.recipe->disk);
  EXPECT_EQ(*least.recipe->disk, (DiskImage{.file = "r.img", .login = {.key_file = "k"}}));
  EXPECT_EQ(mistakes_in("disk = \"r.img\"\n"),
            (Lines{"f.toml:1:1: missing key 'name'", "f.toml:1:1: missing key 'login'"}));
  EXPECT_EQ(mistakes_in("name = \"r\"\ndisk = \"r.img\"\n[login]\nuser = \"root\"\n"),
            Lines{"f.toml:3:1: nothing says how to log in (key = \"id_ed25519\", password_file = \"FILE\" or "
                  "password_variable = \"NAME\")"});
}

TEST(ParseDiskImage, ACloudImageNeedsNoLoginAndGetsItsAddressByDhcp) {
  const ParsedRecipe parsed = parse_image_recipe("name = \"r\"\ndisk = \"r.img\"\ncloud_init = true\n", "f.toml");
  EXPECT_EQ(lines_of(parsed.diagnostics), Lines{});
  ASSERT_TRUE(parsed.recipe && parsed.recipe->disk);
  EXPECT_EQ(parsed.recipe->disk->management.from, AddressFrom::dhcp);
}

TEST(ParseDiskImage, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(mistakes_in(with("\"uefi\"", "\"efi\"")),
            Lines{"f.toml:3:12: 'efi' is not a value of 'firmware' (one of: bios, uefi)"});
  EXPECT_EQ(mistakes_in(with("\"sudo -n\"", "\"sudo\"")),
            Lines{"f.toml:12:10: 'sudo' is not a value of 'become' (\"sudo -n\")"});
  EXPECT_EQ(mistakes_in(with("\"1GiB\"", "\"1MiB\"")),
            Lines{"f.toml:5:10: 'memory' must be from 64 to 65536 MiB (a number of MiB, or text as in \"1GiB\")"});
  EXPECT_EQ(mistakes_in(with("\"3m\"", "\"3h\"")),
            Lines{"f.toml:6:17: 'boot_deadline' must be from 5 s to 1800 s (a number of seconds, or text as in "
                  "\"3m\")"});
  EXPECT_EQ(mistakes_in(with("key = ", "keys = ")).front().substr(0, 41), "f.toml:9:1: nothing says how to log in (k");
  EXPECT_EQ(mistakes_in("suite = \"bookworm\"\n" + std::string(good)),
            Lines{"f.toml:1:1: unknown key 'suite' (one of: name, disk, firmware, bus, memory, boot_deadline, "
                  "cloud_init, configure, login, management, interfaces)"});
}

TEST(ParseDiskImage, RefusesTwoWaysToLogIn) {
  EXPECT_EQ(mistakes_in(with("port = 2222", "password_file = \"p\"")),
            Lines{"f.toml:9:1: 'key', 'password_file' and 'password_variable': only one of them is used (remove the "
                  "others)"});
}

TEST(ParseDiskImage, RefusesAnAddressThatIsNone) {
  for (const char* address : {"\"10.0.0.1\"", "\"10.0.0.1/33\"", "\"10.0.0.1/\"", "\"ten/24\"", "\"fixed\""})
    EXPECT_EQ(mistakes_in(with("\"10.0.0.1/24\"", address)),
              Lines{"f.toml:18:11: '" + std::string(address).substr(1, std::string(address).size() - 2) +
                    "' is not a value of 'address' (\"link-local\", \"dhcp\", or the guest's address with the length "
                    "of its prefix: \"192.168.1.1/24\")"});
}

TEST(ParseDiskImage, RefusesInterfacesThatAreNoneOrTaken) {
  EXPECT_EQ(mistakes_in(with("\"ens18\"", "\"a name\"")),
            Lines{"f.toml:21:7: 'a name' is neither a MAC address nor an interface's name (\"52:54:00:12:34:56\" or "
                  "\"ens4\")"});
  EXPECT_EQ(mistakes_in(with("52:54:00:AB:cd:01", "53:54:00:AB:cd:01")),
            Lines{"f.toml:22:7: 53:54:00:ab:cd:01 is a multicast address"});
  EXPECT_EQ(mistakes_in(with("\"ens18\"", "\"52:54:00:ab:cd:01\"")),
            Lines{"f.toml:22:7: 52:54:00:ab:cd:01 is on 'wan' already"});
}

}  // namespace
}  // namespace offlab
