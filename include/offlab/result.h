// What became of a run: the verdict on each case, with its evidence.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <offlab/export.h>
#include <offlab/topology.h>

namespace offlab {
inline namespace v0 {

// `inconclusive`: the evidence is missing. `skip`: the guests cannot do what the case asks for. `error`: the lab broke.
enum class Outcome { pass, fail, inconclusive, skip, error };

OFFLAB_API const char* to_string(Outcome outcome);
OFFLAB_API std::ostream& operator<<(std::ostream& stream, Outcome outcome);

// A frame that proves a finding.
struct Frame {
  std::string point = {};    // where it was captured, "router-wan"
  std::uint64_t number = 0;  // in that capture
  double seconds = 0;        // since the capture began
  std::string text = {};     // as tcpdump prints it
};

// The judgement of one invariant.
struct Finding {
  std::string invariant = {};  // "bogus-frag-needed"; docs/verdict.md has all of them
  Outcome outcome = Outcome::error;
  std::string text = {};             // one sentence
  std::optional<double> value = {};  // in the invariant's unit
  std::optional<double> limit = {};
  bool warning = false;     // a pass that deserves a look
  std::string device = {};  // where it was seen, when several are under test
  std::vector<Frame> frames = {};
};

struct Remedy {
  std::string where = {};  // "guest", "KVM", "ESXi", "network"
  std::string action = {};
};

struct Diagnosis {
  std::string what = {};      // happens, in which layer
  std::string counters = {};  // why they look as they do
  std::vector<Remedy> remedies = {};
  std::string cost = {};
};

// Nothing: it could not be had, which is not 0.
struct OFFLAB_API Measurements {
  std::optional<double> goodput_bps = {};
  std::optional<double> uplink_bps = {};  // into the router's ingress NIC
  std::optional<double> amplification = {};
  std::optional<double> wasted_share = {};
  std::optional<double> retransmit_ratio = {};
  std::optional<double> bogus_frag_needed = {};  // ICMP errors whose sender already obeyed
  std::optional<double> frag_fails = {};         // packets that the router refused
  std::map<std::string, double> numbers = {};  // every number of run.json's measurements that could be had, by its name
};

struct OFFLAB_API CaseResult {
  std::string id = {};
  Settings settings = {};
  Outcome outcome = Outcome::error;     // the answer to the run's question
  Outcome forwarding = Outcome::error;  // is forwarding healthy?
  std::string fault_class = {};         // "healthy", "lro-orphan-storm", ...; empty: nothing could be judged
  std::string expect = {};
  std::string reason = {};  // why it was skipped, broke, or is inconclusive
  std::string device = {};  // the one at fault, when several are under test
  std::vector<Finding> findings = {};
  std::optional<Diagnosis> diagnosis = {};
  std::optional<Measurements> measured = {};
  std::optional<Measurements> control = {};  // the same lab with guest LRO and hypervisor LRO off
  std::vector<std::string> artifacts = {};   // files, from the run folder
  std::string folder = {};                   // the run folder
  double seconds = 0;

  // The findings that failed.
  std::vector<Finding> violations() const;
  bool violates(const std::string& invariant) const;
};

// For people: outcome and class, violated invariants with their frames, the diagnosis and where the evidence is.
OFFLAB_API std::string describe(const CaseResult& result);
OFFLAB_API std::ostream& operator<<(std::ostream& stream, const CaseResult& result);

struct OFFLAB_API RunResult {
  std::string name = {};
  Outcome outcome = Outcome::error;  // the worst of the cases
  std::vector<CaseResult> cases = {};
  std::string folder = {};
  std::string started = {};  // ISO 8601, UTC
  double seconds = 0;
  std::map<std::string, std::string> host = {};  // accel, cpus, kernel, qemu, libvirt, offlab

  // The case with that id. Throws Failure when there is none.
  const CaseResult& at(const std::string& id) const;
};

// The result that is in a run folder. Throws Failure.
OFFLAB_API RunResult read_run(const std::string& folder);

}  // namespace v0
}  // namespace offlab
