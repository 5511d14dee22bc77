// Every kind of mistake in networks, nodes and flows, with the place where it is reported.
#include <gtest/gtest.h>

#include "good_file.h"

namespace offlab {
namespace {

TEST(TopologyMistakes, UnknownKeysGetAHint) {
  expect_mistakes({
      {"summary =", "sumary =", {"f.toml:2:1: unknown key 'sumary' (did you mean 'summary'?)"}},
      {"mtu  = 9000", "mut  = 9000", {"f.toml:10:1: unknown key 'mut' (did you mean 'mtu'?)"}},
      {"mtu  = 9000", "rates = \"1gbit\"", {"f.toml:10:1: unknown key 'rates' (did you mean 'rate'?)"}},
      {"mtu  = 9000",
       "queue = \"200kB\"",
       {"f.toml:10:9: network 'wan' has a queue and no rate that packets could wait for (a queue goes with rate, and "
        "not with delay or loss)"}},
      {"mtu  = 9000",
       "queue = \"1kB\"",
       {"f.toml:10:9: '1kB' is not a valid 'queue' (a size as in \"200kB\", from 70 kB to 100 MB)"}},
      {"vcpus = 2", "vcpu = 2", {"f.toml:26:1: unknown key 'vcpu' (did you mean 'vcpus'?)"}},
      {"model = \"vmxnet3\",", "modle = \"vmxnet3\",", {"f.toml:30:22: unknown key 'modle' (did you mean 'model'?)"}},
      {"df   = false",
       "bogus = false",
       {"f.toml:45:1: unknown key 'bogus' (one of: name, from, to, initiator, connect, family, df, streams, "
        "background)"}},
      {"df   = false",
       "background = { senders = \"bsd\" }",
       {"f.toml:45:16: unknown key 'senders' (did you mean 'sender'?)"}},
      {"df   = false",
       "background = { sender = \"linux\" }",
       {"f.toml:45:25: 'linux' is not a value of 'sender' (one of: off, bsd, tcp, udp)"}},
      {"df   = false",
       "background = { direction = \"opposite\" }",
       {"f.toml:45:14: the background sender 'bsd' of flow 'download' sends in the flow's direction only (direction = "
        "\"same\", or sender = \"tcp\" or \"udp\")"}},
      {"df   = false", "background = { streams = 200 }", {"f.toml:45:26: 'streams' must be from 1 to 128, not 200"}},
      {"df   = false",
       "background = { object = \"1MB\" }",
       {"f.toml:45:25: 'object' must be from 1 B to 65.5 kB (as in \"64MB\")"}},
      {"{ lro = \"passthrough\" }", "{ gro = \"on\" }", {"f.toml:4:16: unknown key 'gro' (did you mean 'lro'?)"}},
      {"warmup = 2", "warm_up = 2", {"f.toml:3:30: unknown key 'warm_up' (did you mean 'warmup'?)"}},
      {"expect =", "expects =", {"f.toml:56:1: unknown key 'expects' (did you mean 'expect'?)"}},
      {"image = \"debian-12-lro\"",
       "kernels = \"6.1\"",
       {"f.toml:25:1: unknown key 'kernels' (did you mean 'kernel'?)"}},
  });
}

TEST(TopologyMistakes, MissingKeysAreReportedAtTheirTable) {
  expect_mistakes({
      {"name = \"vmxnet3-router\"", "", {"f.toml:1:1: missing key 'name'"}},
      {"name = \"lan\"",
       "",
       {"f.toml:12:1: missing key 'name'", "f.toml:20:28: unknown network 'lan' (did you mean 'wan'?)",
        "f.toml:30:15: unknown network 'lan' (did you mean 'wan'?)"}},
      {"ipv4 = \"198.18.1.0/24\"", "", {"f.toml:12:1: a network needs 'ipv4' or 'ipv6' (ipv4 = \"198.18.1.0/24\")"}},
      {"name = \"server\"",
       "",
       {"f.toml:35:1: missing key 'name'", "f.toml:42:8: unknown node 'server' (one of: client, router)"}},
      {"interfaces = [ { network = \"lan\" } ]", "", {"f.toml:17:1: missing key 'interfaces'"}},
      {"[ { network = \"lan\" } ]", "[ { mtu = 1500 } ]", {"f.toml:20:16: missing key 'network'"}},
      {"name = \"download\"",
       "",
       {"f.toml:40:1: missing key 'name'",
        "f.toml:51:1: unknown setting 'download.df' (settings are listed by 'offlab validate --settings FILE')"}},
      {"from = \"server\"", "", {"f.toml:40:1: missing key 'from'"}},
      {"to   = \"client\"", "", {"f.toml:40:1: missing key 'to'"}},
      {"name   = \"hypervisor-lro\"", "", {"f.toml:53:1: missing key 'name'"}},
  });
}

TEST(TopologyMistakes, AValueOfAWrongTypeIsNamedWithItsType) {
  expect_mistakes({
      {"mtu  = 9000", "mtu  = \"9000\"", {"f.toml:10:8: 'mtu' must be an integer, not a string"}},
      {"mtu  = 9000", "mtu  = 9000.0", {"f.toml:10:8: 'mtu' must be an integer, not a float"}},
      {"name = \"wan\"",
       "name = 5",
       {"f.toml:7:8: 'name' must be a string, not an integer",
        "f.toml:31:15: unknown network 'wan' (did you mean 'lan'?)",
        "f.toml:38:28: unknown network 'wan' (did you mean 'lan'?)"}},
      {"role = \"server\"", "role = true", {"f.toml:37:8: 'role' must be a string, not a boolean"}},
      {"df   = false", "df   = \"no\"", {"f.toml:45:8: 'df' must be true or false, not a string"}},
      {"vcpus = 2", "vcpus = [2]", {"f.toml:26:9: 'vcpus' must be an integer, not an array"}},
      {"{ lro = \"passthrough\" }", "\"off\"", {"f.toml:4:14: 'hypervisor' must be a table, not a string"}},
      {"snap_length = 256",
       "snap_length = 1979-05-27",
       {"f.toml:3:80: 'snap_length' must be an integer, not a date or time"}},
      {"throughput_floor = 0.25",
       "throughput_floor = \"half\"",
       {"f.toml:3:104: 'throughput_floor' must be a number, not a string"}},
      {"offloads = { lro = \"on\", gro = false }",
       "offloads = { lro = 1 }",
       {"f.toml:28:20: 'lro' must be on or off, not an integer"}},
      {"[ \"sysctl -w net.ipv4.tcp_mtu_probing=1\" ]",
       "\"sysctl\"",
       {"f.toml:33:9: 'setup' must be an array of strings, not a string"}},
      {"[ \"sysctl -w net.ipv4.tcp_mtu_probing=1\" ]",
       "[ 1, \"\" ]",
       {"f.toml:33:11: each item of 'setup' must be a string, not an integer",
        "f.toml:33:14: an item of 'setup' is empty"}},
      {"[ { network = \"lan\" } ]",
       "[ \"lan\" ]",
       {"f.toml:20:16: each item of 'interfaces' must be a table, not a string"}},
      {"[ { network = \"lan\" } ]",
       "{ network = \"lan\" }",
       {"f.toml:20:14: 'interfaces' must be an array of tables, not a table (write [[interfaces]], or interfaces = [ { "
        "... } ])"}},
      {"[[flow]]",
       "[flow]",
       {"f.toml:40:1: 'flow' must be an array of tables, not a table (write [[flow]], or flow = [ { ... } ])",
        "f.toml:51:1: unknown setting 'download.df' (settings are listed by 'offlab validate --settings FILE')"}},
      {"memory = \"512MiB\"", "memory = 0.5", {"f.toml:27:10: 'memory' must be an integer, not a float"}},
  });
}

TEST(TopologyMistakes, AValueOutsideItsRangeIsNamedWithTheRange) {
  expect_mistakes({
      {"mtu  = 9000", "mtu  = 67", {"f.toml:10:8: 'mtu' must be from 68 to 65535, not 67"}},
      {"mtu  = 9000", "mtu  = 65536", {"f.toml:10:8: 'mtu' must be from 68 to 65535, not 65536"}},
      {"mtu  = 9000",
       "mtu  = -9223372036854775808",
       {"f.toml:10:8: 'mtu' must be from 68 to 65535, not -9223372036854775808"}},
      {"mtu = 1400", "mtu = 0", {"f.toml:31:46: 'mtu' must be from 68 to 65535, not 0"}},
      {"vcpus = 2", "vcpus = 65", {"f.toml:26:9: 'vcpus' must be from 1 to 64, not 65"}},
      {"\"512MiB\"", "127", {"f.toml:27:10: 'memory' must be from 128 to 65536, not 127"}},
      {"\"512MiB\"",
       "\"64GiB 1\"",
       {"f.toml:27:10: '64GiB 1' is not a size (a number of MiB, or text as in \"256MiB\")"}},
      {"\"512MiB\"",
       "\"512\"",
       {"f.toml:27:10: 'memory' must be from 128 to 65536 MiB (a number of MiB, or text as in \"256MiB\")"}},
      {"\"512MiB\"",
       "\"65GiB\"",
       {"f.toml:27:10: 'memory' must be from 128 to 65536 MiB (a number of MiB, or text as in \"256MiB\")"}},
      {"duration = \"5s\"",
       "duration = \"400ms\"",
       {"f.toml:3:24: 'duration' must be from 0.5 to 3600 seconds (as in \"3s\")"}},
      {"duration = \"5s\"", "duration = nan", {"f.toml:3:24: 'duration' must be from 0.5 to 3600, not nan"}},
      {"duration = \"5s\"", "duration = \"soon\"", {"f.toml:3:24: 'soon' is not a duration (as in \"3s\")"}},
      {"warmup = 2", "warmup = 61", {"f.toml:3:39: 'warmup' must be from 0 to 60, not 61"}},
      {"\"16MB\"", "\"999kB\"", {"f.toml:3:58: 'capture_limit' must be from 1.00 MB to 1.00 TB (as in \"64MB\")"}},
      {"\"16MB\"", "999999", {"f.toml:3:58: 'capture_limit' must be from 1000000 to 1000000000000, not 999999"}},
      {"\"16MB\"", "\"much\"", {"f.toml:3:58: 'much' is not a size (as in \"64MB\")"}},
      {"snap_length = 256", "snap_length = 127", {"f.toml:3:80: 'snap_length' must be from 128 to 65535, not 127"}},
      {"throughput_floor = 0.25",
       "throughput_floor = 1.01",
       {"f.toml:3:104: 'throughput_floor' must be from 0 to 1, not 1.01"}},
  });
}

TEST(TopologyMistakes, AnUnknownWordGetsAHint) {
  expect_mistakes({
      {"role = \"router\"",
       "role = \"ruter\"",
       {"f.toml:24:8: 'ruter' is not a value of 'role' (one of: client, router, server, bridge)"}},
      {"model = \"vmxnet3\",",
       "model = \"vmxnet\",",
       {"f.toml:30:30: 'vmxnet' is not a value of 'model' (did you mean 'vmxnet3'?)"}},
      {"family = \"ipv4\"",
       "family = \"inet\"",
       {"f.toml:44:10: 'inet' is not a value of 'family' (one of: ipv4, ipv6)"}},
      {"{ lro = \"passthrough\" }",
       "{ lro = \"on\" }",
       {"f.toml:4:22: 'on' is not a value of 'lro' (one of: off, passthrough, merge)"}},
      {"{ lro = \"passthrough\" }",
       "{ lro = \"merged\" }",
       {"f.toml:4:22: 'merged' is not a value of 'lro' (one of: off, passthrough, merge)"}},
      {"{ lro = \"off\" }\n\n",
       "{ lro = \"no\" }\n\n",
       {"f.toml:15:22: 'no' is not a value of 'lro' (one of: off, passthrough, merge)"}},
      {"gro = false", "gor = false", {"f.toml:28:26: unknown offload 'gor' (did you mean 'gso'?)"}},
      {"gro = false", "gro = \"of\"", {"f.toml:28:32: 'of' is not a value of 'gro' (one of: on, off)"}},
      {"gro = false",
       "large-receive-offload = false",
       {"f.toml:28:26: 'large-receive-offload' is the same offload as another key of this table"}},
  });
}

TEST(TopologyMistakes, NamesMustFit) {
  expect_mistakes({
      {"name = \"vmxnet3-router\"",
       "name = \"vmxnet3/router\"",
       {"f.toml:1:8: 'vmxnet3/router' is not a valid 'name' (letters, digits, '_', '.' and '-', at most 100 "
        "characters)"}},
      {"name = \"vmxnet3-router\"",
       "name = \"..\"",
       {"f.toml:1:8: '..' is not a valid 'name' (letters, digits, '_', '.' and '-', at most 100 characters)"}},
      {"name = \"vmxnet3-router\"", "name = \"\"", {"f.toml:1:8: 'name' must not be empty"}},
      {"name = \"client\"",
       "name = \"Client\"",
       {"f.toml:18:8: 'Client' is not a name (a small letter, then small letters, digits and '-')",
        "f.toml:43:8: unknown node 'client' (did you mean 'Client'?)",
        "f.toml:50:1: unknown setting 'client.mtu' (did you mean 'Client.mtu'?)"}},
      {"name = \"client\"",
       "name = \"9client\"",
       {"f.toml:18:8: '9client' is not a name (a small letter, then small letters, digits and '-')",
        "f.toml:43:8: unknown node 'client' (did you mean '9client'?)",
        "f.toml:50:1: unknown setting 'client.mtu' (did you mean '9client.mtu'?)"}},
      {"name = \"client\"",
       "name = \"a-client-with-a-long-n\"",
       {"f.toml:18:8: the name 'a-client-with-a-long-n' is too long (at most 20 characters)",
        "f.toml:43:8: unknown node 'client' (one of: a-client-with-a-long-n, router, server)",
        "f.toml:50:1: unknown setting 'client.mtu' (settings are listed by 'offlab validate --settings FILE')"}},
      {"name = \"lan\"",
       "name = \"abcdefghijkl\"",
       {"f.toml:13:8: the name 'abcdefghijkl' is too long (at most 11 characters)",
        "f.toml:20:28: unknown network 'lan' (did you mean 'wan'?)",
        "f.toml:30:15: unknown network 'lan' (did you mean 'wan'?)"}},
      {"name = \"lan\"",
       "name = \"mgmt\"",
       {"f.toml:13:8: the name 'mgmt' is reserved", "f.toml:20:28: unknown network 'lan' (did you mean 'wan'?)",
        "f.toml:30:15: unknown network 'lan' (did you mean 'wan'?)"}},
      {"name = \"lan\"",
       "name = \"lo\"",
       {"f.toml:13:8: the name 'lo' is reserved", "f.toml:20:28: unknown network 'lan' (did you mean 'wan'?)",
        "f.toml:30:15: unknown network 'lan' (did you mean 'wan'?)"}},
      {"name = \"server\"",
       "name = \"hypervisor\"",
       {"f.toml:36:8: the name 'hypervisor' is reserved",
        "f.toml:42:8: unknown node 'server' (one of: client, router, hypervisor)"}},
      {"name = \"download\"",
       "name = \"down.load\"",
       {"f.toml:41:8: 'down.load' is not a name (a small letter, then small letters, digits and '-')",
        "f.toml:51:1: unknown setting 'download.df' (did you mean 'down.load.df'?)"}},
      {"image = \"debian-12-lro\"",
       "image = \"../../etc/passwd\"",
       {"f.toml:25:9: '../../etc/passwd' is not a valid 'image' (a shipped image (debian-12), or the path of a recipe, "
        "with '/' and '.toml' (./guest-images/mine.toml); behind either of them, the digest of one that is in the "
        "cache "
        "(#27a0882ddefeb5e5), and a kernel's release "
        "(@6.1.0-47-amd64))"}},
      {"image = \"debian-12-lro\"",
       "image = \"debian-12@6.1.0-47-amd64\"\nkernel = \"6.1.0-48-amd64\"",
       {"f.toml:26:10: the node's 'image' names another kernel, '6.1.0-47-amd64'"}},
  });
}

TEST(TopologyMistakes, NamesOfNetworksNodesAndFlowsAreUnique) {
  expect_mistakes({
      {"name = \"lan\"",
       "name = \"wan\"",
       {"f.toml:13:8: the name 'wan' is already taken by a network (see line 7)",
        "f.toml:20:28: unknown network 'lan' (did you mean 'wan'?)",
        "f.toml:30:15: unknown network 'lan' (did you mean 'wan'?)"}},
      {"name = \"server\"",
       "name = \"client\"",
       {"f.toml:36:8: the name 'client' is already taken by a node (see line 18)",
        "f.toml:42:8: unknown node 'server' (one of: client, router, client)"}},
      {"name = \"server\"",
       "name = \"wan\"",
       {"f.toml:36:8: the name 'wan' is already taken by a network (see line 7)",
        "f.toml:42:8: unknown node 'server' (one of: client, router, wan)"}},
      {"name = \"download\"",
       "name = \"router\"",
       {"f.toml:41:8: the name 'router' is already taken by a node (see line 23)",
        "f.toml:51:1: unknown setting 'download.df' (settings are listed by 'offlab validate --settings FILE')"}},
      {"[axes]",
       "[[flow]]\nname = \"download\"\nfrom = \"client\"\nto = \"server\"\n[axes]",
       {"f.toml:48:8: the name 'download' is already taken by a flow (see line 41)"}},
  });
}

TEST(TopologyMistakes, ReferencesMustLeadSomewhere) {
  expect_mistakes({
      {"[ { network = \"lan\" } ]",
       "[ { network = \"lam\" } ]",
       {"f.toml:20:28: unknown network 'lam' (did you mean 'lan'?)"}},
      {"from = \"server\"", "from = \"sever\"", {"f.toml:42:8: unknown node 'sever' (did you mean 'server'?)"}},
      {"to   = \"client\"",
       "to   = \"nowhere-at-all\"",
       {"f.toml:43:8: unknown node 'nowhere-at-all' (one of: client, router, server)"}},
      {"[ { network = \"lan\" } ]", "[ { network = \"\" } ]", {"f.toml:20:28: 'network' must not be empty"}},
  });
}

TEST(TopologyMistakes, PrefixesMustBeApartInsideTheBenchmarkingRangesAndLargeEnough) {
  expect_mistakes({
      {"\"198.18.1.0/24\"",
       "\"10.0.0.0/24\"",
       {"f.toml:14:8: 10.0.0.0/24 is not reserved for benchmarking (a part of 198.18.0.0/15 or 2001:2::/48; deployed = "
        "true, where a router has these addresses already)"}},
      {"\"2001:2:0:2::/64\"",
       "\"fd00::/64\"",
       {"f.toml:9:8: fd00::/64 is not reserved for benchmarking (a part of 198.18.0.0/15 or 2001:2::/48; deployed = "
        "true, where a router has these addresses already)"}},
      {"\"198.18.1.0/24\"",
       "\"198.18.2.128/25\"",
       {"f.toml:14:8: 198.18.2.128/25 overlaps 198.18.2.0/24 of network 'wan' (see line 8)"}},
      {"\"198.18.1.0/24\"",
       "\"198.18.0.0/14\"",
       {"f.toml:14:8: '198.18.0.0/14' is not an IPv4 prefix (as in '198.18.1.0/24': address and length, no bit set "
        "beyond the length)"}},
      {"\"198.18.1.0/24\"",
       "\"198.18.1.1/24\"",
       {"f.toml:14:8: '198.18.1.1/24' is not an IPv4 prefix (as in '198.18.1.0/24': address and length, no bit set "
        "beyond the length)"}},
      {"\"198.18.1.0/24\"",
       "\"198.18.1.0\"",
       {"f.toml:14:8: '198.18.1.0' is not an IPv4 prefix (as in '198.18.1.0/24': address and length, no bit set beyond "
        "the length)"}},
      {"\"198.18.1.0/24\"",
       "\"2001:2:0:1::/64\"",
       {"f.toml:14:8: '2001:2:0:1::/64' is not an IPv4 prefix (as in '198.18.1.0/24': address and length, no bit set "
        "beyond the length)"}},
      {"\"2001:2:0:2::/64\"",
       "\"198.18.3.0/24\"",
       {"f.toml:9:8: '198.18.3.0/24' is not an IPv6 prefix (as in '2001:2:0:1::/64': address and length, no bit set "
        "beyond the length)"}},
      {"\"198.18.1.0/24\"",
       "\"198.18.1.0/31\"",
       {"f.toml:14:8: 198.18.1.0/31 has no room for the 2 interfaces of network 'lan' (choose a shorter prefix "
        "length)"}},
      {"\"2001:2:0:2::/64\"",
       "\"2001:2:0:2::/127\"",
       {"f.toml:9:8: 2001:2:0:2::/127 has no room for the 2 interfaces of network 'wan' (choose a shorter prefix "
        "length)"}},
  });
}

TEST(TopologyMistakes, ChosenAddressesMustBeFreeHostAddressesOfTheirNetwork) {
  expect_mistakes({
      {"ipv4 = \"198.18.2.1\"",
       "ipv4 = \"198.18.1.9\"",
       {"f.toml:38:42: 198.18.1.9 is not inside 198.18.2.0/24 of network 'wan'"}},
      {"ipv4 = \"198.18.2.1\"",
       "ipv4 = \"198.18.2.0\"",
       {"f.toml:38:42: 198.18.2.0 is no host address of 198.18.2.0/24"}},
      {"ipv4 = \"198.18.2.1\"",
       "ipv4 = \"198.18.2.255\"",
       {"f.toml:38:42: 198.18.2.255 is no host address of 198.18.2.0/24"}},
      {"ipv4 = \"198.18.2.1\"", "ipv4 = \"198.18.2.256\"", {"f.toml:38:42: '198.18.2.256' is not an IPv4 address"}},
      {"ipv4 = \"198.18.2.1\"", "ipv4 = \"2001:2:0:2::1\"", {"f.toml:38:42: '2001:2:0:2::1' is not an IPv4 address"}},
      {"ipv4 = \"198.18.2.1\"",
       "ipv6 = \"2001:2:0:2::\"",
       {"f.toml:38:42: 2001:2:0:2:: is no host address of 2001:2:0:2::/64"}},
      {"[ { network = \"lan\" } ]",
       "[ { network = \"lan\", ipv6 = \"2001:2:0:1::1\" } ]",
       {"f.toml:20:42: network 'lan' has no ipv6 prefix"}},
      {"mtu = 1400", "ipv4 = \"198.18.2.1\"", {"f.toml:38:42: the address 198.18.2.1 is already taken (see line 31)"}},
  });
}

TEST(TopologyMistakes, NodesNeedTheInterfacesOfTheirRole) {
  expect_mistakes({
      {"[ { network = \"lan\" } ]", "[]", {"f.toml:17:1: node 'client' needs an interface"}},
      {"  { network = \"wan\", model = \"e1000e\", mtu = 1400 },\n",
       "",
       {"f.toml:22:1: router 'router' needs at least two interfaces"}},
      {"[ { network = \"lan\" } ]",
       "[ { network = \"lan\" }, { network = \"lan\" } ]",
       {"f.toml:20:49: node 'client' has a second interface on network 'lan'"}},
  });
}

TEST(TopologyMistakes, FlowsPassRoutersBetweenTwoOtherNodes) {
  expect_mistakes({
      {"to   = \"client\"", "to   = \"server\"", {"f.toml:43:8: flow 'download' goes from 'server' to itself"}},
      {"from = \"server\"",
       "from = \"router\"",
       {"f.toml:42:8: flow 'download' starts at the router 'router' (flows go from a client or server, through the "
        "router, to another)"}},
      {"to   = \"client\"",
       "to   = \"router\"",
       {"f.toml:40:1: flow 'download' passes no router ('server' and 'router' are on the same network)"}},
      {"[ { network = \"lan\" } ]",
       "[ { network = \"wan\" } ]",
       {"f.toml:40:1: flow 'download' passes no router ('server' and 'client' are on the same network)"}},
      {"role = \"router\"",
       "role = \"server\"",
       {"f.toml:40:1: flow 'download' has no path from 'server' to 'client' (a router joins their networks with an "
        "interface on each)"}},
      {"[axes]",
       "[[network]]\nname = \"far\"\nipv6 = \"2001:2:0:3::/64\"\n[[node]]\nname = \"second\"\nrole = "
       "\"router\"\ninterfaces = [ { network = \"lan\" }, { network = \"far\" } ]\n[[node]]\nname = \"distant\"\nrole "
       "= \"client\"\ninterfaces = [ { network = \"far\" } ]\n[[flow]]\nname = \"long\"\nfrom = \"server\"\nto = "
       "\"distant\"\n[axes]",
       {"f.toml:58:1: flow 'long' is ipv4, but network 'far' has no ipv4 prefix (give network 'far' an ipv4 prefix, or "
        "choose another family)"}},
  });
}

TEST(TopologyMistakes, BothEndsOfAFlowNeedItsFamily) {
  expect_mistakes({
      {"family = \"ipv4\"",
       "family = \"ipv6\"",
       {"f.toml:44:10: flow 'download' is ipv6, but network 'lan' has no ipv6 prefix (give network 'lan' an ipv6 "
        "prefix, or choose another family)"}},
      {"ipv4 = \"198.18.1.0/24\"",
       "ipv6 = \"2001:2:0:1::/64\"",
       {"f.toml:44:10: flow 'download' is ipv4, but network 'lan' has no ipv4 prefix (give network 'lan' an ipv4 "
        "prefix, or choose another family)"}},
  });
}

// Two edits of the good file: an IPv6 flow over networks that both have IPv6, the client's with a small MTU.
TEST(TopologyMistakes, AnIpv6FlowNeedsTheSmallestIpv6MtuAllTheWay) {
  std::string text = good_file_with("ipv4 = \"198.18.1.0/24\"", "ipv6 = \"2001:2:0:1::/64\"\nmtu = 1280");
  text.replace(text.find("family = \"ipv4\""), 15, "family = \"ipv6\"");
  EXPECT_EQ(mistakes_in(text), std::vector<std::string>{});
  text.replace(text.find("mtu = 1280"), 10, "mtu = 1279");
  EXPECT_EQ(mistakes_in(text),
            std::vector<std::string>{"f.toml:45:10: flow 'download' is ipv6, but the MTU of 'router' on network 'lan' "
                                     "is 1279 (IPv6 needs at least 1280)"});
}

TEST(TopologyMistakes, OneMistakeIsNotReportedAgainByItsConsequences) {
  using Lines = std::vector<std::string>;
  std::string chosen = good_file_with("[ { network = \"lan\" } ]", "[ { network = \"lan\", ipv4 = \"198.18.1.9\" } ]");
  chosen.replace(chosen.find("198.18.1.0/24"), 13, "198.18.1.0/99");
  EXPECT_EQ(
      mistakes_in(chosen),
      Lines{"f.toml:14:8: '198.18.1.0/99' is not an IPv4 prefix (as in '198.18.1.0/24': address and length, no bit "
            "set beyond the length)"});

  // Only the second of two routers of one name is on the client's network.
  std::string routers = good_file_with("[ { network = \"lan\" } ]", "[ { network = \"far\" } ]");
  routers.replace(routers.find("family = \"ipv4\""), 15, "family = \"ipv6\"");
  routers +=
      "[[network]]\nname = \"far\"\nipv6 = \"2001:2:0:3::/64\"\n[[node]]\nname = \"router\"\nrole = \"router\"\n"
      "interfaces = [ { network = \"wan\" }, { network = \"far\" } ]\n";
  EXPECT_EQ(mistakes_in(routers), Lines{"f.toml:61:8: the name 'router' is already taken by a node (see line 23)"});
}

}  // namespace
}  // namespace offlab
