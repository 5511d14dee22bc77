// Which user QEMU runs as, and what else confines it.
#include "libvirt/host_security.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/read_file.h"
#include "folders.h"
#include "unit/refusal.h"

namespace offlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string capabilities() {
  return read_whole_file(source_folder() + "/tests/data/libvirt/capabilities.xml");
}

std::string with(std::string text, const std::string& old, const std::string& other) {
  const auto at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  return text.replace(at, old.size(), other);
}

TEST(HostSecurity, HasTheUserOfQemu) {
  const HostSecurity security = host_security(capabilities());
  EXPECT_EQ(security.user, (GuestUser{64055, 64055}));
  EXPECT_THAT(security.models, IsEmpty());
}

// No libvirtd with AppArmor was at hand; the format is that of https://libvirt.org/formatcaps.html.
TEST(HostSecurity, NamesModelsThatConfineQemu) {
  const std::string text = with(capabilities(), "<model>none</model>", "<model>apparmor</model>");
  EXPECT_THAT(host_security(text).models, ElementsAre("apparmor"));
}

TEST(HostSecurity, WantsToKnowTheUser) {
  const std::string text = with(capabilities(), "<model>dac</model>", "<model>other</model>");
  EXPECT_THAT(refusal([&] { host_security(text); }), HasSubstr("does not say which user its QEMU runs as"));
  EXPECT_THAT(refusal([&] { host_security("what?"); }), HasSubstr("no XML"));
  EXPECT_THAT(refusal([&] { host_security("<capabilities/>"); }), HasSubstr("does not say which user"));
}

}  // namespace
}  // namespace offlab
