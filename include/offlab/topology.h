// A topology, built in C++ or loaded from a file: networks, nodes, flows, and the cases in which they are measured. The
// words are those of the topology file (docs/topology.md); what these structs lack is said in a file that they extend.
#pragma once

#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <offlab/export.h>
#include <offlab/options.h>

namespace offlab {
inline namespace v0 {

// {"router.lro", "off"}
struct Setting {
  std::string key = {};
  std::string value = {};
};

inline bool operator==(const Setting& a, const Setting& b) {
  return a.key == b.key && a.value == b.value;
}

// What a case sets, in this order.
class OFFLAB_API Settings {
 public:
  Settings() = default;
  Settings(std::initializer_list<Setting> list) : list_(list) {}
  explicit Settings(std::vector<Setting> list) : list_(std::move(list)) {}

  const std::vector<Setting>& list() const { return list_; }
  bool empty() const { return list_.empty(); }
  void add(Setting setting) { list_.push_back(std::move(setting)); }
  // "router.lro=off,hypervisor.lro=passthrough"
  std::string text() const;

 private:
  std::vector<Setting> list_;
};

inline bool operator==(const Settings& a, const Settings& b) {
  return a.list() == b.list();
}
OFFLAB_API std::ostream& operator<<(std::ostream& stream, const Settings& settings);

// A dimension: one setting and the values it takes.
struct Axis {
  std::string key = {};
  std::vector<std::string> values = {};
};

// Every combination of the axes' values, the first axis varying slowest. For testing::ValuesIn.
OFFLAB_API std::vector<Settings> combinations(const std::vector<Axis>& axes);

// Empty text and empty optionals: offlab's choice. All members have initialisers, so that compilers with -Wextra do not
// ask for each of them.
struct Network {
  std::string name = {};
  std::string ipv4 = {};  // prefix, "198.18.1.0/24"
  std::string ipv6 = {};
  std::optional<unsigned> mtu = {};
  std::string rate = {};   // "100mbit"
  std::string delay = {};  // "10ms"
  std::string loss = {};   // "0.5%"
};

struct Interface {
  std::string network = {};
  std::string model = {};  // "virtio", "vmxnet3", ...
  std::optional<unsigned> mtu = {};
  std::map<std::string, std::string> offloads = {};  // {{"lro", "off"}}
};

struct Node {
  std::string name = {};
  std::string role = {};  // "client", "router", "server", "bridge"
  std::vector<Interface> interfaces = {};
  std::string image = {};  // "debian-12", or a recipe's path
  std::optional<unsigned> vcpus = {};
  std::optional<unsigned> memory_mib = {};
  std::map<std::string, std::string> offloads = {};  // of all its interfaces
  std::vector<std::string> boot = {};                // shell commands, as root: before interfaces come up
  std::vector<std::string> setup = {};               // and before measuring
};

// Bulk TCP. What it passes on its way is under test.
struct Flow {
  std::string name = {};
  std::string from = {};
  std::string to = {};
  std::string family = {};  // "ipv4", "ipv6"
  bool df = true;
  unsigned streams = 1;
};

struct Case {
  std::string name = {};
  Settings set = {};
  std::string expect = {};  // a class of faults; empty: healthy
};

struct Measure {
  std::string duration = {};  // "3s", of each transfer
  std::string warmup = {};
  std::optional<unsigned> rounds = {};
};

struct OFFLAB_API Topology {
  std::string name = {};  // of runs and labs; empty: the file's
  // A topology file that everything below is added to: networks, nodes, flows and cases of the same name are merged.
  std::string file = {};
  std::vector<Network> networks = {};
  std::vector<Node> nodes = {};
  std::vector<Flow> flows = {};
  std::vector<Axis> axes = {};
  std::vector<Case> cases = {};
  Measure measure = {};

  // Throws Failure with every mistake in the file.
  static Topology load(const std::string& file, const Options& options = {});
  // One that comes with offlab: "vmxnet3-router", "hazards/h01-lro-orphan-storm". Throws Failure.
  static Topology shipped(const std::string& name, const Options& options = {});

  // The topology file that says the same.
  std::string toml() const;
};

}  // namespace v0
}  // namespace offlab
