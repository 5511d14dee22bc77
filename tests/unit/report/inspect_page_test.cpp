#include "report/inspect_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/offload.h"

namespace offlab {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

MachineSurvey router(SystemKind kind) {
  SurveyedLink nic{.name = "vmx0", .driver = "vmx", .mtu = 1500, .up = true};
  nic.features[std::string(feature_lro)] = {.on = true};
  return {.kind = kind, .kernel = "FreeBSD 14.1-RELEASE", .forwards = true, .links = {nic}};
}

TEST(InspectPage, SaysThatARealFreebsdWasNotTried) {
  const RiskRow row{.hazards = "LRO", .title = "LRO on a NIC that forwards", .risk = Risk::at_risk};
  const std::string page = inspect_page("gw", router(SystemKind::freebsd), {"vmx0"}, {row});
  EXPECT_THAT(page, AllOf(HasSubstr("gw (FreeBSD 14.1-RELEASE)"), HasSubstr("LRO on, TSO not seen"),
                          HasSubstr("note: not tried on a real FreeBSD"), HasSubstr("AT RISK")));
  EXPECT_THAT(page, Not(HasSubstr("GRO")));
}

TEST(InspectPage, HasNoSuchNoteOnLinux) {
  const std::string page = inspect_page("gw", router(SystemKind::gnu_linux), {"vmx0"}, {});
  EXPECT_THAT(page, AllOf(HasSubstr("LRO on, GRO not seen, TSO not seen"), Not(HasSubstr("note:"))));
}

}  // namespace
}  // namespace offlab
