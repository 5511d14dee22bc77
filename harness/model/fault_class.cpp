#include "model/fault_class.h"

#include <algorithm>

namespace offlab {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return "pass";
    case Outcome::fail:
      return "fail";
    case Outcome::inconclusive:
      return "inconclusive";
    case Outcome::skip:
      return "skip";
    case Outcome::error:
      return "error";
  }
  return "?";
}

std::string_view to_string(FaultClass fault) {
  switch (fault) {
    case FaultClass::healthy:
      return "healthy";
    case FaultClass::lro_orphan_storm:
      return "lro-orphan-storm";
    case FaultClass::wrong_gso_size:
      return "wrong-gso-size";
    case FaultClass::silent_refragmentation:
      return "silent-refragmentation";
    case FaultClass::silent_size_drop:
      return "silent-size-drop";
    case FaultClass::resegmentation:
      return "resegmentation";
    case FaultClass::checksum_leak:
      return "checksum-leak";
    case FaultClass::legit_pmtud:
      return "legit-pmtud";
    case FaultClass::pmtud_blackhole:
      return "pmtud-blackhole";
    case FaultClass::packet_loss:
      return "packet-loss";
    case FaultClass::reordering:
      return "reordering";
    case FaultClass::no_connection:
      return "no-connection";
    case FaultClass::connection_reset:
      return "connection-reset";
    case FaultClass::unknown:
      return "unknown";
  }
  return "?";
}

std::optional<Outcome> parse_outcome(std::string_view text) {
  for (const auto outcome : {Outcome::pass, Outcome::fail, Outcome::inconclusive, Outcome::skip, Outcome::error})
    if (to_string(outcome) == text) return outcome;
  return std::nullopt;
}

const std::vector<FaultClass>& all_fault_classes() {
  static const std::vector<FaultClass> all = {FaultClass::healthy,          FaultClass::lro_orphan_storm,
                                              FaultClass::wrong_gso_size,   FaultClass::silent_refragmentation,
                                              FaultClass::silent_size_drop, FaultClass::resegmentation,
                                              FaultClass::checksum_leak,    FaultClass::legit_pmtud,
                                              FaultClass::pmtud_blackhole,  FaultClass::packet_loss,
                                              FaultClass::reordering,       FaultClass::no_connection,
                                              FaultClass::connection_reset, FaultClass::unknown};
  return all;
}

std::optional<FaultClass> parse_fault_class(std::string_view text) {
  for (const FaultClass fault : all_fault_classes())
    if (to_string(fault) == text) return fault;
  return std::nullopt;
}

Outcome combine(const std::vector<Outcome>& outcomes) {
  for (const Outcome worst : {Outcome::fail, Outcome::error, Outcome::inconclusive, Outcome::pass})
    if (std::find(outcomes.begin(), outcomes.end(), worst) != outcomes.end()) return worst;
  return Outcome::inconclusive;
}

int exit_code(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return 0;
    case Outcome::fail:
      return 1;
    case Outcome::error:
      return 3;
    case Outcome::inconclusive:
    case Outcome::skip:
      return 4;
  }
  return 3;
}

}  // namespace offlab
