// offlab-state: a guest's counters and offloads in one process, in the words of the programs that people know. Each
// process costs a guest some 45 ms under software emulation, of which most is loading; this one is linked statically
// and needs a few. It runs in guests only and is put into every image.
//
//   offlab-state [-n NETNS] [-d] [-l MARK] [-s NIC | NIC]...
//     -n NETNS the protocols' counters of this network namespace (ip-netns(8)) instead of the guest's own
//     NIC      offloads as `ethtool --json -k NIC` shows them, and the MTU
//     -s NIC   NIC statistics as `ethtool -S` shows them, too
//     -d       where packets are dropped: queues, filters, rules, connection tracking, the receive backlog, and the
//              kernel's own account of the buffers that it frees for a reason (the tracepoint skb:kfree_skb), which
//              begins with the first call. The programs tc, nft and iptables are asked where they are
//     -l MARK  at the end the kernel log from the last line with MARK on, as dmesg shows it
//
// Prints sections, "==> NAME <==", and "==> end <==" when everything was printed.
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

void section(const char* title, const char* of = "") {
  std::printf("==> %s%s%s <==\n", title, *of == '\0' ? "" : " ", of);
}

void print_file(const char* file) {
  const int descriptor = open(file, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    std::printf("%s: %s\n", file, std::strerror(errno));
    return;
  }
  std::array<char, 8192> part;
  for (ssize_t size = 0; (size = read(descriptor, part.data(), part.size())) > 0;)
    std::fwrite(part.data(), 1, static_cast<std::size_t>(size), stdout);
  close(descriptor);
}

// A structure of the kernel's with `count` elements behind it, all zero.
template <typename Head, typename Element>
struct Answer {
  explicit Answer(std::size_t count)
      : bytes(static_cast<char*>(std::calloc(1, sizeof(Head) + count * sizeof(Element))), std::free) {
    if (!bytes) std::exit(1);
  }
  Head& head() const { return *reinterpret_cast<Head*>(bytes.get()); }
  Element* elements() const { return reinterpret_cast<Element*>(bytes.get() + sizeof(Head)); }

  std::unique_ptr<char, void (*)(void*)> bytes;
};

using Name = std::array<char, ETH_GSTRING_LEN>;
using Names = Answer<ethtool_gstrings, Name>;

class Nic {
 public:
  Nic(int socket, const char* name) : socket_(socket), name_(name) {}

  const char* name() const { return name_; }

  bool ask(void* command) const {
    ifreq request = {};
    std::strncpy(request.ifr_name, name_, IFNAMSIZ - 1);
    request.ifr_data = static_cast<char*>(command);
    return ioctl(socket_, SIOCETHTOOL, &request) == 0;
  }

  // How many strings the kernel has of a set (ETH_SS_...); 0 when it has none.
  std::uint32_t count(std::uint32_t set) const {
    const Answer<ethtool_sset_info, std::uint32_t> answer(1);
    answer.head().cmd = ETHTOOL_GSSET_INFO;
    answer.head().sset_mask = std::uint64_t{1} << set;
    return ask(&answer.head()) && answer.head().sset_mask != 0 ? *answer.elements() : 0;
  }

  Names names(std::uint32_t set, std::uint32_t count) const {
    Names answer(count);
    answer.head().cmd = ETHTOOL_GSTRINGS;
    answer.head().string_set = set;
    answer.head().len = count;
    if (!ask(&answer.head())) answer.head().len = 0;
    return answer;
  }

 private:
  int socket_;
  const char* name_;
};

// Names that ethtool has from before the kernel had any.
struct OldName {
  const char* kernel;
  const char* ethtool;
};
constexpr std::array old_names = {
    OldName{"rx-checksum", "rx-checksumming"},      OldName{"tx-generic-segmentation", "generic-segmentation-offload"},
    OldName{"rx-gro", "generic-receive-offload"},   OldName{"rx-lro", "large-receive-offload"},
    OldName{"rx-vlan-hw-parse", "rx-vlan-offload"}, OldName{"tx-vlan-hw-insert", "tx-vlan-offload"},
    OldName{"rx-ntuple-filter", "ntuple-filters"},  OldName{"rx-hashing", "receive-hashing"},
};

// Groups that ethtool shows as a feature of their own, active when one of them is: those that begin and end so.
struct Group {
  const char* ethtool;
  const char* begin;
  const char* end;
};
constexpr std::array groups = {
    Group{"tx-checksumming", "tx-checksum-", ""},
    Group{"scatter-gather", "tx-scatter-gather", ""},
    Group{"tcp-segmentation-offload", "tx-tcp", "-segmentation"},
};

bool is_in(const Group& group, const char* feature) {
  const std::size_t size = std::strlen(feature);
  const std::size_t end = std::strlen(group.end);
  return std::strncmp(feature, group.begin, std::strlen(group.begin)) == 0 && size >= end &&
         std::strcmp(feature + size - end, group.end) == 0;
}

const char* ethtool_name(const char* feature) {
  const auto* old = std::find_if(old_names.begin(), old_names.end(),
                                 [&](const OldName& one) { return std::strcmp(one.kernel, feature) == 0; });
  return old == old_names.end() ? feature : old->ethtool;
}

const char* word(bool value) {
  return value ? "true" : "false";
}

void print_features(const Nic& nic) {
  section("ethtool -k", nic.name());
  const std::uint32_t count = nic.count(ETH_SS_FEATURES);
  const Names names = nic.names(ETH_SS_FEATURES, count);
  const std::uint32_t blocks = (count + 31) / 32;
  const Answer<ethtool_gfeatures, ethtool_get_features_block> answer(blocks);
  answer.head().cmd = ETHTOOL_GFEATURES;
  answer.head().size = blocks;
  if (names.head().len == 0 || !nic.ask(&answer.head())) {
    std::printf("the kernel told no features: %s\n", std::strerror(errno));
    return;
  }
  const auto name = [&](std::uint32_t i) { return names.elements()[i].data(); };
  const auto bit = [&](std::uint32_t i, auto field) {
    return (answer.elements()[i / 32].*field >> (i % 32) & 1U) != 0;
  };
  const auto active = [&](std::uint32_t i) { return bit(i, &ethtool_get_features_block::active); };
  std::printf("[ {\n\"ifname\": \"%s\"", nic.name());
  for (const Group& group : groups) {
    bool on = false;
    for (std::uint32_t i = 0; i < count; ++i) on = on || (is_in(group, name(i)) && active(i));
    std::printf(",\n\"%s\": {\"active\": %s, \"fixed\": null, \"requested\": null}", group.ethtool, word(on));
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    if (*name(i) == '\0') continue;
    const bool fixed =
        !bit(i, &ethtool_get_features_block::available) || bit(i, &ethtool_get_features_block::never_changed);
    std::printf(",\n\"%s\": {\"active\": %s, \"fixed\": %s, \"requested\": %s}", ethtool_name(name(i)), word(active(i)),
                word(fixed), word(bit(i, &ethtool_get_features_block::requested)));
  }
  std::puts("\n} ]");
}

void print_statistics(const Nic& nic) {
  section("ethtool -S", nic.name());
  const std::uint32_t count = nic.count(ETH_SS_STATS);
  const Names names = nic.names(ETH_SS_STATS, count);
  const Answer<ethtool_stats, std::uint64_t> answer(count);
  answer.head().cmd = ETHTOOL_GSTATS;
  answer.head().n_stats = count;
  if (names.head().len == 0 || !nic.ask(&answer.head())) {
    std::puts("no stats available");
    return;
  }
  std::puts("NIC statistics:");
  for (std::uint32_t i = 0; i < count; ++i)
    std::printf("     %.*s: %llu\n", ETH_GSTRING_LEN, names.elements()[i].data(),
                static_cast<unsigned long long>(answer.elements()[i]));
}

void print_mtu(const Nic& nic) {
  section("mtu", nic.name());
  std::array<char, 64> file;
  std::snprintf(file.data(), file.size(), "/sys/class/net/%s/mtu", nic.name());
  print_file(file.data());
}

bool is_there(const char* path) {
  return access(path, R_OK) == 0;
}

// What a program prints; nothing where it is not there.
std::string output_of(const std::string& command) {
  std::string text;
  std::FILE* program = popen((command + " 2>/dev/null").c_str(), "re");
  if (program == nullptr) return text;
  std::array<char, 8192> part;
  for (std::size_t size = 0; (size = std::fread(part.data(), 1, part.size(), program)) > 0;)
    text.append(part.data(), size);
  pclose(program);
  return text;
}

void print_output(const std::string& command) {
  section(command.c_str());
  std::printf("%s\n", output_of(command).c_str());
}

// Within its first 8 kB.
bool file_has(const std::string& path, const char* word) {
  std::array<char, 8192> text = {};
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const ssize_t size = read(descriptor, text.data(), text.size() - 1);
  close(descriptor);
  return size > 0 && std::strstr(text.data(), word) != nullptr;
}

bool write_file(const std::string& path, const char* text) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool is_written = write(descriptor, text, std::strlen(text)) >= 0;
  close(descriptor);
  return is_written;
}

// A kernel before 5.17 gives no reason.
void print_freed_buffers(bool with_reasons) {
  const std::string tracing = "/sys/kernel/tracing";
  const std::string event = tracing + "/events/skb/kfree_skb/";
  if (!is_there(event.c_str())) mount("tracefs", tracing.c_str(), "tracefs", 0, nullptr);
  if (!is_there(event.c_str())) return;
  if (!file_has(event + "trigger", "hist:") && !write_file(event + "trigger", "hist:keys=location.sym,reason"))
    write_file(event + "trigger", "hist:keys=location.sym");
  section("kfree_skb histogram");
  print_file((event + "hist").c_str());
  if (!with_reasons) return;
  section("kfree_skb reasons");
  print_file((event + "format").c_str());
}

void print_drops(const std::vector<const char*>& nics, bool with_reasons) {
  const std::string queues = output_of("tc -s -j qdisc show");
  section("tc -s -j qdisc show");
  std::printf("%s\n", queues.c_str());
  if (queues.find("\"ingress\"") != std::string::npos || queues.find("\"clsact\"") != std::string::npos)
    for (const char* nic : nics) print_output(std::string("tc -s -j filter show dev ") + nic + " ingress");
  if (is_there("/sys/module/nf_tables")) {
    section("nft -j list ruleset");
    std::printf("%s\n", output_of("nft -j -t list ruleset").c_str());  // without the elements of sets
  }
  if (is_there("/proc/net/ip_tables_names")) {
    section("iptables-save -c");
    std::printf("%s\n", output_of("iptables-legacy-save -c || iptables-save -c").c_str());
  }
  for (const char* file : {"/proc/net/stat/nf_conntrack", "/proc/net/softnet_stat"})
    if (is_there(file)) {
      section(file);
      print_file(file);
    }
  print_freed_buffers(with_reasons);
}

// From the last line with `mark` on.
void print_kernel_log(const char* mark) {
  section("kernel log");
  constexpr int read_all = 3;  // see syslog(2)
  constexpr int size_of_log = 10;
  const int size = klogctl(size_of_log, nullptr, 0);
  const std::unique_ptr<char, void (*)(void*)> log(
      static_cast<char*>(std::calloc(1, static_cast<std::size_t>(std::max(size, 0)) + 1)), std::free);
  const int length = log ? klogctl(read_all, log.get(), size) : -1;
  if (length < 0) {
    std::printf("the kernel's log cannot be read: %s\n", std::strerror(errno));
    return;
  }
  const char* from = log.get();
  for (const char* next = from; (next = std::strstr(next, mark)) != nullptr; ++next) from = next;
  while (from > log.get() && from[-1] != '\n') --from;
  while (*from != '\0') {
    const char* end = std::strchr(from, '\n');
    const char* text = from;
    if (*text == '<')  // the level
      if (const char* level = std::strchr(text, '>'); level != nullptr) text = level + 1;
    const std::size_t line = static_cast<std::size_t>((end == nullptr ? text + std::strlen(text) : end) - text);
    std::printf("%.*s\n", static_cast<int>(line), text);
    if (end == nullptr) break;
    from = end + 1;
  }
}

void enter(const std::string& network_namespace) {
  const int descriptor = open(network_namespace.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor >= 0 && setns(descriptor, CLONE_NEWNET) == 0) return;
  std::fprintf(stderr, "offlab-state: %s: %s\n", network_namespace.c_str(), std::strerror(errno));
  std::exit(1);
}

void print_counters(const char* network_namespace) {
  if (network_namespace != nullptr) enter(std::string("/var/run/netns/") + network_namespace);
  for (const char* file : {"/proc/net/snmp", "/proc/net/snmp6", "/proc/net/netstat"}) {
    section(file);
    print_file(file);
  }
  if (network_namespace != nullptr) enter("/proc/1/ns/net");
}

}  // namespace

int main(int count, char** words) {
  const char* network_namespace = nullptr;
  for (int i = 1; i + 1 < count; ++i)
    if (std::strcmp(words[i], "-n") == 0) network_namespace = words[i + 1];
  print_counters(network_namespace);
  const int socket_of_ioctls = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const char* mark = nullptr;
  bool drops = false;
  std::vector<const char*> nics;
  for (int i = 1; i < count; ++i) {
    if (std::strcmp(words[i], "-d") == 0) {
      drops = true;
      continue;
    }
    if (std::strcmp(words[i], "-n") == 0 && i + 1 < count) {
      ++i;
      continue;
    }
    if (std::strcmp(words[i], "-l") == 0 && i + 1 < count) {
      mark = words[++i];
      continue;
    }
    const bool statistics = std::strcmp(words[i], "-s") == 0 && i + 1 < count;
    const Nic nic(socket_of_ioctls, words[statistics ? ++i : i]);
    nics.push_back(nic.name());
    print_features(nic);
    if (statistics) print_statistics(nic);
    print_mtu(nic);
  }
  section("ip_forward");
  print_file("/proc/sys/net/ipv4/ip_forward");
  section("ipv6_forwarding");
  print_file("/proc/sys/net/ipv6/conf/all/forwarding");
  if (drops) print_drops(nics, mark != nullptr);
  if (mark != nullptr) print_kernel_log(mark);
  section("end");
  return std::fflush(stdout) == 0 ? 0 : 1;
}
