// What apt, modprobe and the dynamic loader print, as captured from Debian 12.
#include <gtest/gtest.h>

#include "cache/image_store.h"

namespace offlab {
namespace {

using Files = std::vector<std::string>;
using Packages = std::map<std::string, std::string>;

constexpr const char* apt =
    "Reading package lists...\n"
    "Building dependency tree...\n"
    "The following NEW packages will be installed:\n"
    "  libdumbnet1 tcpreplay\n"
    "0 upgraded, 2 newly installed, 0 to remove and 129 not upgraded.\n"
    "Inst libdumbnet1 (1.16.3-1 Debian:12.15/oldstable [amd64])\n"
    "Inst tcpreplay (4.4.3-1 Debian:12.15/oldstable [amd64])\n"
    "Conf libdumbnet1 (1.16.3-1 Debian:12.15/oldstable [amd64])\n"
    "Conf tcpreplay (4.4.3-1 Debian:12.15/oldstable [amd64])\n";

TEST(AptSimulation, NamesWhatWouldBeInstalled) {
  EXPECT_EQ(parse_apt_simulation(apt), (Packages{{"libdumbnet1", "1.16.3-1"}, {"tcpreplay", "4.4.3-1"}}));
}

TEST(AptSimulation, NamesNothingInOtherText) {
  EXPECT_EQ(parse_apt_simulation(""), Packages{});
  EXPECT_EQ(parse_apt_simulation("Conf tcpreplay (4.4.3-1 Debian:12.15/oldstable [amd64])\n"), Packages{});
  EXPECT_EQ(parse_apt_simulation("E: Unable to locate package nothing\n"), Packages{});
  EXPECT_EQ(parse_apt_simulation("Inst\nInst tcpreplay\nInst tcpreplay (\nInst tcpreplay 4.4.3-1\n"), Packages{});
}

constexpr const char* modprobe =
    "insmod /b/lib/modules/6.1.0-56-amd64/kernel/drivers/virtio/virtio_ring.ko \n"
    "insmod /b/lib/modules/6.1.0-56-amd64/kernel/drivers/virtio/virtio.ko \n"
    "insmod /b/lib/modules/6.1.0-56-amd64/kernel/net/core/failover.ko \n"
    "insmod /b/lib/modules/6.1.0-56-amd64/kernel/drivers/net/net_failover.ko \n"
    "insmod /b/lib/modules/6.1.0-56-amd64/kernel/drivers/net/virtio_net.ko \n";

TEST(ModuleFiles, ComeInTheOrderOfLoading) {
  const std::string kernel = "/b/lib/modules/6.1.0-56-amd64/kernel/";
  EXPECT_EQ(parse_module_files(modprobe),
            (Files{kernel + "drivers/virtio/virtio_ring.ko", kernel + "drivers/virtio/virtio.ko",
                   kernel + "net/core/failover.ko", kernel + "drivers/net/net_failover.ko",
                   kernel + "drivers/net/virtio_net.ko"}));
}

TEST(ModuleFiles, AreNoneForWhatIsInTheKernel) {
  EXPECT_EQ(parse_module_files("builtin unix\n"), Files{});
  EXPECT_EQ(parse_module_files(""), Files{});
}

constexpr const char* loader =
    "\tlinux-vdso.so.1 (0x00007f62023da000)\n"
    "\tlibselinux.so.1 => /lib/x86_64-linux-gnu/libselinux.so.1 (0x00007f6202372000)\n"
    "\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f6202190000)\n"
    "\tlibpcre2-8.so.0 => /lib/x86_64-linux-gnu/libpcre2-8.so.0 (0x00007f62020f6000)\n"
    "\t/lib64/ld-linux-x86-64.so.2 (0x00007f62023dc000)\n";

TEST(LibraryFiles, AreTheLibrariesAndTheLoader) {
  EXPECT_EQ(parse_library_files(loader),
            (Files{"/lib/x86_64-linux-gnu/libselinux.so.1", "/lib/x86_64-linux-gnu/libc.so.6",
                   "/lib/x86_64-linux-gnu/libpcre2-8.so.0", "/lib64/ld-linux-x86-64.so.2"}));
}

TEST(LibraryFiles, AreNoneInOtherText) {
  EXPECT_EQ(parse_library_files(""), Files{});
  EXPECT_EQ(parse_library_files("\tstatically linked\n"), Files{});
}

}  // namespace
}  // namespace offlab
