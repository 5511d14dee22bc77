// The names of outcomes and faults: a contract with everything that reads run.json.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace offlab {

enum class Outcome { pass, fail, inconclusive, skip, error };

enum class FaultClass {
  healthy,
  lro_orphan_storm,
  wrong_gso_size,
  silent_refragmentation,
  silent_size_drop,
  resegmentation,
  checksum_leak,
  legit_pmtud,
  pmtud_blackhole,
  packet_loss,
  reordering,
  no_connection,
  connection_reset,
  unknown,
};

std::string_view to_string(Outcome outcome);
std::string_view to_string(FaultClass fault);
std::optional<Outcome> parse_outcome(std::string_view text);
std::optional<FaultClass> parse_fault_class(std::string_view text);
const std::vector<FaultClass>& all_fault_classes();

// fail > error > inconclusive > pass; skipped ones do not count. All skipped, or none at all: inconclusive.
Outcome combine(const std::vector<Outcome>& outcomes);

// 0 pass, 1 fail, 3 error, 4 inconclusive (and skip: nothing was judged).
int exit_code(Outcome outcome);

}  // namespace offlab
