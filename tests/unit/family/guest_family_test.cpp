// What machines of each family are asked. The commands themselves run in tests/adapter/freebsd_script_test.cpp.
#include "family/guest_family.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace offlab {
namespace {

using testing::HasSubstr;
using testing::Not;

const GuestFamily& on_linux = family_of(SystemKind::gnu_linux);
const GuestFamily& on_freebsd = family_of(SystemKind::freebsd);

TEST(GuestFamily, ARunOnFreebsdIsToldThatNoneWasTried) {
  EXPECT_EQ(on_freebsd.warning(), "runs FreeBSD: not tried on a real FreeBSD");
  EXPECT_EQ(on_linux.warning(), "");
}

TEST(GuestFamily, OffloadsAreSwitchedInWordsOfTheSystem) {
  EXPECT_EQ(on_linux.switch_offloads() + " ens4 " + on_linux.offload_word("lro", false), "ethtool -K ens4 lro off");
  EXPECT_EQ(on_freebsd.switch_offloads() + " vmx0 " + on_freebsd.offload_word("lro", false), "ifconfig vmx0 -lro");
  EXPECT_EQ(on_freebsd.offload_word("tso", true), "tso");
  EXPECT_EQ(on_freebsd.offload_word("rx", false), "-rxcsum -rxcsum6");
  for (const char* unknown : {"gro", "gso", "rx-gro-hw", "rxvlan"})
    EXPECT_EQ(on_freebsd.offload_word(unknown, true), "");
}

TEST(GuestFamily, FreebsdIsNotAskedInTheWordsOfLinux) {
  for (const std::string& text :
       {on_freebsd.enter_tool_folder(), on_freebsd.remove_tools(), on_freebsd.lock_folder(), on_freebsd.report_script(),
        on_freebsd.write_log("x"), on_freebsd.count_bytes({"vmx0"}, 1), on_freebsd.show_mac("vmx0"),
        on_freebsd.show_boot(), on_freebsd.show_offloads(), on_freebsd.show_mtu("vmx0"),
        on_freebsd.set_mtu("vmx0", 1400), on_freebsd.switch_back("vmx0", "lro", true), on_freebsd.tool_path()})
    for (const char* word : {"ethtool", "/proc", "/sys/", "/dev/kmsg", "ip link", "ip -o", "tmpfs"})
      EXPECT_THAT(text, Not(HasSubstr(word)));
}

TEST(GuestFamily, NamesOfNicsAreQuoted) {
  for (const GuestFamily* family : {&on_linux, &on_freebsd}) {
    EXPECT_THAT(family->count_bytes({"a;b"}, 1), HasSubstr("'a;b'"));
    EXPECT_THAT(family->show_mac("a;b"), Not(HasSubstr(" a;b")));
    EXPECT_THAT(family->show_mtu("a;b"), Not(HasSubstr(" a;b")));
  }
}

}  // namespace
}  // namespace offlab
