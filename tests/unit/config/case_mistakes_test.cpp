// Every kind of mistake in axes and cases, with the place where it is reported.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "good_file.h"
#include "model/nic_model.h"

namespace offlab {
namespace {

TEST(CaseMistakes, AnAxisIsANonEmptyArrayOfSettingValues) {
  expect_mistakes({
      {"[\"off\", \"passthrough\"]",
       "\"off\"",
       {"f.toml:49:20: axis 'hypervisor.lro' must be an array of values, not a string"}},
      {"[\"off\", \"passthrough\"]", "[]", {"f.toml:49:20: axis 'hypervisor.lro' has no values"}},
      {"[\"off\", \"passthrough\"]",
       "[\"off\", 1.5, []]",
       {"f.toml:49:28: a value of 'hypervisor.lro' must be a string, an integer or a boolean, not a float",
        "f.toml:49:33: a value of 'hypervisor.lro' must be a string, an integer or a boolean, not an array"}},
      {"[\"off\", \"passthrough\"]",
       "[\"off\", \"passthrough\", \"off\"]",
       {"f.toml:49:43: axis 'hypervisor.lro' has the value 'off' twice"}},
      {"[1500, 1400]", "[1500, \"1500\"]", {"f.toml:50:27: axis 'client.mtu' has the value '1500' twice"}},
      {"\"client.mtu\" ",
       "client.mtu = [1500]\n\"client.mtu\" ",
       {"f.toml:51:1: the setting 'client.mtu' is there twice"}},
      {"\"client.mtu\" ",
       "router = {}\n\"client.mtu\" ",
       {"f.toml:50:10: axis 'router' must be an array of values, not a table"}},
  });
}

TEST(CaseMistakes, AnExclusionNamesAxesAndTheirValues) {
  const auto with = [](const std::string& exclusion) { return mistakes_in(std::string(good_file) + exclusion); };
  using Lines = std::vector<std::string>;
  EXPECT_EQ(with("[[exclude]]\nset = { \"router.model\" = \"virtio\", \"client.mtu\" = 1400 }\nreason = \"why\"\n"),
            Lines{});
  EXPECT_EQ(with("[[exclude]]\n"), Lines{"f.toml:57:1: missing key 'set'"});
  EXPECT_EQ(with("[[exclude]]\nset = {}\n"), Lines{"f.toml:58:7: an exclusion without a setting"});
  EXPECT_EQ(with("[[exclude]]\nset = { \"router.modl\" = \"virtio\", \"client.mtu\" = 1401 }\n"),
            (Lines{"f.toml:58:9: no axis is called 'router.modl' (did you mean 'router.model'?)",
                   "f.toml:58:50: the axis 'client.mtu' has no value '1401' (did you mean '1400'?)"}));
  EXPECT_EQ(
      with("[[exclude]]\nset = { flow = \"download\" }\n"),
      Lines{"f.toml:58:9: no axis is called 'flow' (one of: client.mtu, download.df, hypervisor.lro, router.model)"});
  EXPECT_EQ(with("[[exclude]]\nset = { \"client.mtu\" = 1400 }\nwhy = 1\n").size(), 1U);
}

TEST(CaseMistakes, AnUnknownSettingIsReportedAtItsKey) {
  expect_mistakes({
      {"\"router.model\" ",
       "\"ruoter.model\" ",
       {"f.toml:48:1: unknown setting 'ruoter.model' (did you mean 'router.model'?)"}},
      {"\"router.model\" ",
       "\"router.modl\" ",
       {"f.toml:48:1: unknown setting 'router.modl' (did you mean 'router.model'?)"}},
      {"\"router.model\" ",
       "\"router.lan2.model\" ",
       {"f.toml:48:1: node 'router' has no interface on a network 'lan2'"}},
      {"\"router.model\" ",
       "\"wan.speed\" ",
       {"f.toml:48:1: unknown setting 'wan.speed' (settings are listed by 'offlab validate --settings FILE')"}},
      {"\"client.mtu\" ",
       std::string(60, 'x') + "." + std::string(60, 'y') + " ",
       {"f.toml:50:62: no setting has so long a name"}},
      {"{ \"router.lro\" = \"off\",",
       "{ \"router.lor\" = \"off\",",
       {"f.toml:55:12: unknown setting 'router.lor' (did you mean 'router.lro'?)"}},
      {"{ \"router.lro\" = \"off\",",
       "{ router.wan.x = \"off\",",
       {"f.toml:55:23: unknown setting 'router.wan.x' (settings are listed by 'offlab validate --settings FILE')"}},
      {"\"router.model\" ",
       "\"\" ",
       {"f.toml:48:1: unknown setting '' (settings are listed by 'offlab validate --settings FILE')"}},
  });
}

TEST(CaseMistakes, AWrongValueIsReportedAtTheValue) {
  expect_mistakes({
      {"[\"vmxnet3\", \"virtio\"]",
       "[\"vmxnet3\", \"vmxnet\"]",
       {fmt::format("f.toml:48:32: 'vmxnet' is not a value of 'router.model' (one of: {})",
                    fmt::join(nic_model_names(), ", "))}},
      {"[\"off\", \"passthrough\"]",
       "[\"off\", \"on\"]",
       {"f.toml:49:28: 'on' is not a value of 'hypervisor.lro' (one of: off, passthrough, merge)"}},
      {"[1500, 1400]",
       "[1500, 67, true]",
       {"f.toml:50:27: '67' is not a value of 'client.mtu' (a number from 68 to 65535)",
        "f.toml:50:31: 'true' is not a value of 'client.mtu' (a number from 68 to 65535)"}},
      {"[true]", "[\"yes\"]", {"f.toml:51:21: 'yes' is not a value of 'download.df' (one of: true, false)"}},
      {"{ \"router.lro\" = \"off\",",
       "{ \"router.lro\" = \"maybe\",",
       {"f.toml:55:27: 'maybe' is not a value of 'router.lro' (one of: on, off)"}},
      {"{ \"router.lro\" = \"off\",",
       "{ \"router.lro\" = [],",
       {"f.toml:55:27: a value of 'router.lro' must be a string, an integer or a boolean, not an array"}},
  });
}

TEST(CaseMistakes, ACaseMustLeaveTheFlowsDrivable) {
  expect_mistakes({
      {"\"download.df\"    = [true]",
       "\"download.family\" = [\"ipv4\", \"ipv6\"]",
       {"f.toml:51:30: with this value, flow 'download' is ipv6, but network 'lan' has no ipv6 prefix (give network "
        "'lan' an ipv6 prefix, or choose another family)"}},
      {"{ \"router.lro\" = \"off\",",
       "{ \"download.family\" = \"ipv6\",",
       {"f.toml:54:10: in this case, flow 'download' is ipv6, but network 'lan' has no ipv6 prefix (give network 'lan' "
        "an ipv6 prefix, or choose another family)"}},
  });
}

TEST(CaseMistakes, AQueueGoesWithARate) {
  expect_mistakes({
      {"{ \"router.lro\" = \"off\",",
       "{ \"wan.queue\" = \"200kB\",",
       {"f.toml:54:10: in this case, network 'wan' has a queue and no rate that packets could wait for (a queue goes "
        "with rate, and not with delay or loss)"}},
      {"{ \"router.lro\" = \"off\",",
       "{ \"wan.rate\" = \"1gbit\", \"wan.queue\" = \"200kB\", \"wan.loss\" = \"1%\",",
       {"f.toml:54:10: in this case, network 'wan' has a queue beside delay or loss (a queue goes with rate, and not "
        "with delay or loss)"}},
  });
}

TEST(CaseMistakes, CasesNeedUniqueFileNamesAndKnownFaults) {
  expect_mistakes({
      {"name   = \"hypervisor-lro\"",
       "name   = \"hypervisor lro\"",
       {"f.toml:54:10: 'hypervisor lro' is not a valid 'name' (letters, digits, '_', '.' and '-', at most 100 "
        "characters)"}},
      {"expect = \"lro-orphan-storm\"",
       "expect = \"lro-orphan-strom\"",
       {"f.toml:56:10: 'lro-orphan-strom' is not a value of 'expect' (did you mean 'lro-orphan-storm'?)"}},
      {"expect = \"lro-orphan-storm\"",
       "expect = \"bad\"",
       {"f.toml:56:10: 'bad' is not a value of 'expect' (one of: healthy, lro-orphan-storm, wrong-gso-size, "
        "silent-refragmentation, silent-size-drop, resegmentation, checksum-leak, legit-pmtud, pmtud-blackhole, "
        "packet-loss, reordering, "
        "no-connection, connection-reset, "
        "unknown, skip)"}},
      {"expect = \"lro-orphan-storm\"",
       "[[case]]\nname = \"hypervisor-lro\"",
       {"f.toml:57:8: there is already a case 'hypervisor-lro'"}},
      {"[[case]]",
       "[case]",
       {"f.toml:53:1: 'case' must be an array of tables, not a table (write [[case]], or case = [ { ... } ])"}},
      {"set    = {", "set    = [] # {", {"f.toml:55:10: 'set' must be a table, not an array"}},
  });
}

}  // namespace
}  // namespace offlab
