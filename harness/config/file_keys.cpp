#include "config/file_keys.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/core.h>

#include "config/limits.h"
#include "model/expectation.h"
#include "model/nic_model.h"
#include "model/topology.h"
#include "setting/rows.h"
#include "setting/values.h"

namespace offlab {
namespace {

using Kind = KeyKind;

const std::vector<std::string> lro_words = {"off", "passthrough", "merge"};

std::vector<std::string> expectation_words() {
  std::vector<std::string> words;
  for (const Expectation& expectation : all_expectations()) words.emplace_back(to_string(expectation));
  return words;
}

FileKey text(std::string name, std::string meaning, std::string otherwise = {}) {
  return {.name = std::move(name), .meaning = std::move(meaning), .otherwise = std::move(otherwise)};
}

FileKey required(FileKey key) {
  key.required = true;
  return key;
}

FileKey word(std::string name, std::vector<std::string> words, std::string meaning, std::string otherwise) {
  return {.name = std::move(name),
          .kind = Kind::word,
          .meaning = std::move(meaning),
          .otherwise = std::move(otherwise),
          .words = std::move(words)};
}

FileKey quantity(std::string name, Kind kind, double low, double high, std::string meaning, std::string otherwise) {
  return {.name = std::move(name),
          .kind = kind,
          .meaning = std::move(meaning),
          .otherwise = std::move(otherwise),
          .low = low,
          .high = high};
}

FileKey nested(std::string name, Kind kind, std::string table, std::string meaning) {
  return {.name = std::move(name), .kind = kind, .meaning = std::move(meaning), .table = std::move(table)};
}

FileKey nic_model_key() {
  FileKey key = word("model", nic_model_names(), "what the guest sees", "virtio");
  key.called = "a NIC model";
  return key;
}

FileKey switches(std::string name, std::vector<std::string> words, std::string meaning) {
  return {.name = std::move(name), .kind = Kind::switches, .meaning = std::move(meaning), .words = std::move(words)};
}

FileKey plain(std::string name, Kind kind, std::string meaning, std::string otherwise = {}) {
  return {.name = std::move(name), .kind = kind, .meaning = std::move(meaning), .otherwise = std::move(otherwise)};
}

FileTable file() {
  return {"file",
          "The file",
          "",
          {required(text("name", "names the run, its folder and its lab")), text("summary", "for people"),
           text("extend",
                "another topology file, in the folder of the file on the command line or below it (`--extend-anywhere` "
                "allows others). Its content comes first: networks, nodes, flows and cases of the same name are merged "
                "key by key, everything else in this file replaces it or is added"),
           nested("hypervisor", Kind::table, "hypervisor", "on every NIC of the devices under test"),
           nested("network", Kind::tables, "network", "the links"),
           nested("node", Kind::tables, "node", "the machines"), nested("flow", Kind::tables, "flow", "the traffic"),
           plain("axes", Kind::setting_lists,
                 "settings and the values they take. Every combination is a case, the first axis varying slowest"),
           nested("case", Kind::tables, "case", "named cases, beside those of the axes"),
           word("maturity", {"stable", "experimental"}, "of every case: as in `[[case]]`", "stable"),
           nested("exclude", Kind::tables, "exclude", "combinations of the axes' values that are no cases"),
           nested("measure", Kind::table, "measure", "how each case is measured"),
           nested("limits", Kind::table, "limits", "what the verdict allows")}};
}

FileTable network() {
  return {"network",
          "[[network]]",
          "A link: a bridge on the host. Guests name their interface after it.",
          {required(text("name", "at most 11 characters: interface names have 15")),
           text("ipv4", "prefix inside 198.18.0.0/15 (RFC 2544)", "that of a network which a bridge joins to it"),
           text("ipv6", "prefix inside 2001:2::/48 (RFC 5180)", "that of a network which a bridge joins to it"),
           quantity("mtu", Kind::integer, mtu_range.low, mtu_range.high,
                    "of every interface on it that has no MTU of its own", "1500"),
           plain("deployed", Kind::boolean,
                 "its prefixes are those of a router that keeps its own configuration (docs/disk-images.md), so any "
                 "prefix is allowed, not only those for benchmarking. Nothing leaves the lab",
                 "false"),
           text("trunk",
                "the link that this network shares with others of the same `trunk`: a node on several of them has one "
                "NIC, as a one-armed router has. The NIC has the trunk's name in the guest",
                "a link of its own"),
           quantity("vlan", Kind::integer, 1, 4094, "its tag on the trunk; without one its packets are untagged", ""),
           quantity("host_mtu", Kind::integer, mtu_range.low, mtu_range.high,
                    "of the host's bridge and of the host side of every NIC on it: longer packets are dropped there "
                    "without an error, coalesced packets are not",
                    "what the guests need"),
           text("rate",
                "\"100mbit\": limits what each client and server on it sends. Applied in the sender, before packets "
                "are coalesced; devices under test are not limited"),
           text("delay", "\"10ms\": added in the same place", "0"),
           text("loss", "\"0.5%\": in the same place; a coalesced packet is lost whole", "0"),
           text("queue",
                "\"200kB\": the queue in front of `rate`, as in a router; what does not fit is dropped. Not together "
                "with `delay` or `loss`",
                "more than any window"),
           nested("hypervisor", Kind::table, "network-hypervisor", "on its NICs of the devices under test")}};
}

FileTable hypervisor() {
  return {"hypervisor",
          "hypervisor",
          "The hypervisor's large receive offload.",
          {word("lro", lro_words,
                "`off`: nothing is forced. `passthrough`: coalesced packets are accepted whether or not the guest "
                "asked for them. `merge`: wire-sized packets are coalesced before the NIC, as a virtual switch does",
                "off"),
           word("lro-families", {"both", "ipv4", "ipv6"}, "the address families whose coalesced packets are accepted",
                "both"),
           text("host",
                "with existing machines: the file of the ESXi hosts that they run on (docs/vmware.md). The LRO "
                "settings of these hosts become 0 for `off` and 1 for the other values, and are restored at the end",
                "the hosts are left alone")}};
}

FileTable narrow_hypervisor() {
  return {"network-hypervisor",
          "hypervisor of a network, node or interface",
          "The same for a part; the narrowest wins.",
          {word("lro", lro_words, "as above", "that of the next wider part")}};
}

FileTable node() {
  return {"node",
          "[[node]]",
          "A machine.",
          {required(text("name", "at most 20 characters")),
           word("role", {"client", "router", "server", "bridge"},
                "`router` forwards and `bridge` joins its networks to one segment: both are under test",
                "`router` between sender and receiver of a flow, `server` where a flow starts, otherwise `client`"),
           required(nested("interfaces", Kind::tables, "interface", "at most 16")),
           switches("offloads", {},
                    R"(for all its interfaces, by the names of `ethtool -k`: `{ lro = "on", gro = "off" }`)"),
           text("image",
                "a shipped image (`debian-12`), or the path of an image recipe, from this file's folder: "
                "`./guest-images/mine.toml`. It may lie where `extend` may. `#DIGEST` behind either: one that the "
                "cache has; `@RELEASE`: `kernel`",
                "debian-12"),
           text("kernel",
                "release of a Debian kernel (`6.1.0-47-amd64`): this host's where it is installed, otherwise fetched "
                "as `linux-image-RELEASE`",
                "the image's own"),
           quantity("vcpus", Kind::integer, vcpus_range.low, vcpus_range.high, "", "1"),
           quantity("memory", Kind::mebibytes, memory_range.low, memory_range.high, "", "192"),
           nested("hypervisor", Kind::table, "network-hypervisor", "on its NICs, when it is under test"),
           nested("routes", Kind::tables, "route", "static routes; what they leave out is computed, fewest hops first"),
           quantity("addresses", Kind::integer, 2, max_pool,
                    "the node stands for this many hosts: a prefix is routed to it, and its connections leave from "
                    "these addresses in turn (source NAT in the guest)",
                    ""),
           text("addresses_ipv4", "the prefix of `addresses`", "a free one at the end of 198.18.0.0/15"),
           text("addresses_ipv6", "the prefix of `addresses`", "a free one at the end of 2001:2::/48"),
           plain("boot", Kind::strings,
                 "shell commands, run as root before interfaces come up: sysctls that count from then on (`sysctl -w "
                 "net.core.default_qdisc=fq`), modules with their parameters"),
           plain("setup", Kind::strings, "shell commands, run as root after configuration, before measuring"),
           nested("container", Kind::table, "container", "its flows begin and end in a network namespace, see below"),
           word("provider", {"offlab", "existing"},
                "`existing`: the machine is there already (docs/existing-machines.md). Then all nodes of the file are",
                "offlab"),
           nested("machine", Kind::table, "machine", "of an existing machine: how it is reached")}};
}

std::vector<FileKey> login_keys() {
  return {
      text("user", "", "root"),
      text("key", "a private key without a passphrase, from this file's folder",
           "`~/.ssh/id_ed25519`, `id_ecdsa` or `id_rsa`"),
      text("password_file", "a file whose first line is the password"),
      text("password_variable", "an environment variable that holds the password"),
      word("become", {"sudo -n"}, "commands run through `sudo -n`", ""),
      quantity("port", Kind::integer, 1, 65'535, "", "22"),
      plain("host_keys", Kind::strings, "the keys that it may present, as in a .pub file", "those in `known_hosts`"),
      text("known_hosts", "", "`~/.ssh/known_hosts`"),
      plain("jump", Kind::strings,
            "`[\"admin@bastion\"]`: hosts to go through, the nearest first, with the same key and known_hosts")};
}

FileTable machine() {
  FileTable table{"machine", "[node.machine]", "A machine that exists is reached over SSH.", login_keys()};
  table.keys.insert(
      table.keys.begin(),
      {required(text("address", "a name or an address, as the last jump host has it")),
       word("system", {"linux", "freebsd"},
            "what a router runs; `freebsd` also for pfSense and OPNsense (docs/existing-machines.md)", "linux")});
  return table;
}

FileTable capture() {
  FileTable table{
      "capture", "capture = { ... }",
      "The host that carries an existing machine: frames are captured there, as its NIC is handed them and sends them.",
      login_keys()};
  table.keys.insert(table.keys.begin(),
                    {required(text("host", "its name or address")),
                     required(text("interface",
                                   "the NIC's tap there: `vnet7`. On ESXi a virtual NIC (its MAC address, "
                                   "`router.eth0`, the number of its port) or an uplink (`vmnic0`)")),
                     word("system", {"linux", "esxi"}, "`esxi`: by pktcap-uw (docs/vmware.md)", "linux")});
  return table;
}

FileTable container() {
  return {"container",
          "container = { ... }",
          "A network namespace `container` of a client or server, in which its flows begin and end; `{}` has all "
          "defaults. A veth pair with the MTU of the node's narrowest NIC leads to it, and the node forwards. TCP's "
          "counters are read there.",
          {plain("nat", Kind::boolean,
                 "`true`: the node masquerades its connections and forwards the ports of flows to it (DNAT). `false`: "
                 "no NAT; the other nodes have a route to its prefix",
                 "true"),
           text("ipv4", "its prefix", "a free one at the end of 198.18.0.0/15"),
           text("ipv6", "its prefix", "a free one at the end of 2001:2::/48")}};
}

FileTable interface() {
  return {
      "interface",
      "interfaces = [ { ... } ]",
      "A NIC.",
      {required(text("network", "")), nic_model_key(),
       quantity("mtu", Kind::integer, mtu_range.low, mtu_range.high, "", "the network's"),
       text("ipv4", "", "given out in file order, routers first"),
       text("ipv6", "", "given out in file order, routers first"),
       quantity(
           "vlan", Kind::integer, 1, 4094,
           "addresses are on a sub-interface `NETWORK.TAG` with this tag; all interfaces of a network have the same",
           ""),
       switches("offloads", {}, "as in `[[node]]`, for this one"),
       nested("hypervisor", Kind::table, "network-hypervisor", "on this NIC, when its node is under test"),
       switches("host", virtio_host_offloads(), "libvirt's `<host>` of a virtio NIC: fixed when it is made"),
       switches("guest", virtio_guest_offloads(), "libvirt's `<guest>` of a virtio NIC: fixed when it is made"),
       quantity("queues", Kind::integer, queues_range.low, queues_range.high,
                "pairs of queues of a virtio NIC; the guest uses one for each of its CPUs at most", "1"),
       text("device", "of an existing machine: what it calls the interface that has the addresses, `ens4.10`"),
       nested("capture", Kind::table, "capture",
              "of an existing machine: captures are made on the host below it, and not inside of it"),
       plain("own_nic", Kind::boolean,
             "on a trunk: a NIC of its own, named after the network, beside the one that the node has for its other "
             "networks there: two NICs on one link, as a bond has",
             "false")}};
}

FileTable route() {
  return {"route",
          "routes = [ { ... } ]",
          "A static route.",
          {required(text("to", "prefix")), required(text("via", "address of a router on one of the node's networks"))}};
}

FileTable flow() {
  return {"flow",
          "[[flow]]",
          "Bulk TCP. The routers and bridges on its path are under test. With several flows, every case is measured "
          "once for each.",
          {required(text("name", "at most 40 characters")), required(text("from", "the node that sends the data")),
           required(text("to", "the node that receives it")),
           text("initiator", "the node that opens the connections, whichever way the data goes",
                "the node with the role `client`; where both or none have it, the receiver"),
           text("connect",
                "\"ADDRESS:PORT\": the initiator connects to it, and a router translates it (DNAT) to the other node's "
                "port 5201, or 5211 where the sender connects. PORT + 1, for the fixed-byte transfer, leads to 5202 or "
                "5212; PORT + 2, for TCP or UDP in the background, to 5203",
                "the other node's address and that port"),
           word("family", {"ipv4", "ipv6"}, "", "ipv4"), plain("df", Kind::boolean, "`false` sends without DF", "true"),
           quantity("streams", Kind::integer, streams_range.low, streams_range.high,
                    "connections at the same time; their windows share the memory of sender and receiver", "1"),
           nested("background", Kind::table, "background", "load beside the flow")}};
}

FileTable background() {
  return {"background",
          "[flow.background]",
          "Load between the flow's sender and receiver, at the same time, in cases and in their controls. It is not "
          "judged. The result says what it sent, how much of that arrived, and how much of the uplink's rate was used.",
          {word("sender", {"off", "bsd", "tcp", "udp"},
                "`bsd`: a stack that answers each \"fragmentation needed\" by sending its whole window again, as "
                "BSD-derived stacks did; over IPv4 whatever the flow's family. `tcp`: bulk TCP, a second flow at the "
                "same time, with an MSS of 1160. `udp`: datagrams of 1200 bytes at a steady rate. `off`: none, until a "
                "case sets `FLOW.background`",
                "bsd"),
           quantity("streams", Kind::integer, streams_range.low, streams_range.high,
                    "connections or UDP streams at the same time", "100 for bsd, otherwise 1"),
           quantity("object", Kind::bytes, 1, 65'535, "bsd: what each of them is sent", "20kB"),
           quantity("every", Kind::seconds, 0.01, 60, "bsd: how often each of them is sent an object", "4"),
           text("rate", "\"100mbit\": what all of them send at most", "100mbit"),
           word("direction", {"same", "opposite"}, "tcp, udp: the direction of the load, seen from the flow", "same")}};
}

FileTable named_case() {
  return {"case",
          "[[case]]",
          "",
          {required(text("name", "")), plain("set", Kind::settings, "settings that this case makes"),
           word("expect", expectation_words(),
                "the class that `offlab verify` looks for. `skip`: offlab refuses the case and says why", "healthy"),
           word("maturity", {"stable", "experimental"},
                "the result of an experimental case fails no night (`offlab nightly`)", "the file's")}};
}

FileTable exclude() {
  return {"exclude",
          "[[exclude]]",
          "A combination that makes no case, for example because no device can have it. Named cases are not left out "
          "by it.",
          {required(plain("set", Kind::settings, "values of axes, or a `flow`: no case has all of them")),
           text("reason", "for people")}};
}

FileTable measure() {
  return {
      "measure",
      "[measure]",
      "",
      {quantity("duration", Kind::seconds, 0.5, 3600, "measured, after the warm-up, at most", "2.5"),
       quantity("warmup", Kind::seconds, 0, 60, "left out of goodput, kept in counts", "0.5"),
       plain("early_stop", Kind::boolean,
             "a transfer ends as soon as more of it would tell nothing new: a storm is certain, next to nothing comes "
             "through, or the goodput is known well enough",
             "true"),
       quantity("rounds", Kind::integer, 1, 10,
                "of control and case. Those after the first are measured only while the confidence interval of the "
                "goodput ratio includes the floor",
                "2"),
       quantity("integrity_bytes", Kind::bytes, 0, 1e9,
                "random bytes that are sent along the flow's path after the transfer, and compared by SHA-256; 0: none",
                "1MB"),
       quantity("capture_limit", Kind::bytes, 1e6, 1e12, "of a file; beyond it only ICMP is written", "64MB"),
       quantity("snap_length", Kind::integer, 128, 65535, "bytes kept of a frame", "192"),
       quantity("throughput_floor", Kind::number, 0, 1, "least share of the control's goodput", "0.5"),
       plain("reference", Kind::boolean,
             "one more leg, between the same sender and receiver without the routers: a router that is bad in its "
             "control as well is not excused by it",
             "false"),
       quantity("reference_floor", Kind::number, 0, 1, "least share of the goodput of that leg", "0.1"),
       text("max_rate", "\"200mbit\": of a transfer between existing machines, all its streams together", "200mbit"),
       quantity("max_bytes", Kind::bytes, 1e6, 1e12, "of each such transfer: it takes no longer than `max_rate` needs",
                "1GB"),
       quantity("max_seconds", Kind::seconds, 1, 3600, "of each such transfer, its warm-up included", "30")}};
}

std::string default_of(const FileLimit& limit) {
  const double value = Limits().*limit.value;
  return limit.unit == LimitUnit::ratio ? fmt::format("{:.2f}", value) : fmt::format("{:g}", value);
}

FileTable limits() {
  FileTable table{"limits",
                  "[limits]",
                  R"(How far an invariant may be off. A case sets its own with `set = { "limits.coverage" = "1%" }`.)",
                  {}};
  for (const FileLimit& limit : file_limits)
    table.keys.push_back(quantity(std::string(limit.name()),
                                  limit.unit == LimitUnit::seconds ? Kind::seconds : Kind::number, limit.low,
                                  limit.high, limit.meaning, default_of(limit)));
  for (const char* name : {"ttl", "dscp"})
    table.keys.push_back(
        word(name, {"kept", "any"}, setting_row(Scope::lab, std::string("limits.") + name).meaning, "kept"));
  table.keys.push_back(plain("strict", Kind::boolean, setting_row(Scope::lab, "limits.strict").meaning, "false"));
  return table;
}

template <typename Items>
auto& named(Items& items, std::string_view name, const char* what) {
  const auto found = std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
  if (found == items.end()) throw std::logic_error(std::string("no ") + what + " '" + std::string(name) + "'");
  return *found;
}

}  // namespace

const FileKey& FileTable::key(std::string_view wanted) const {
  return named(keys, wanted, "key");
}

const std::vector<FileTable>& file_tables() {
  static const std::vector<FileTable> tables = {
      file(),    network(), hypervisor(), narrow_hypervisor(), node(),       machine(), container(), interface(),
      capture(), route(),   flow(),       background(),        named_case(), exclude(), measure(),   limits()};
  return tables;
}

const FileTable& file_table(std::string_view name) {
  return named(file_tables(), name, "table");
}

}  // namespace offlab
