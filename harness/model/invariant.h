// What must hold for forwarded traffic (docs/verdict.md), by name. The names are a contract with everything that reads
// run.json.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace offlab {

// One line an invariant, in the order in which they are reported: its enumerator and its name. Everything else about it
// is said once, in the row of its file in verdict/.
#define OFFLAB_INVARIANTS(INVARIANT)                    \
  INVARIANT(stimulus_present, "stimulus-present")       \
  INVARIANT(egress_size, "egress-size")                 \
  INVARIANT(mss_respected, "mss-respected")             \
  INVARIANT(segment_boundaries, "segment-boundaries")   \
  INVARIANT(coverage, "coverage")                       \
  INVARIANT(forwarding_loss, "forwarding-loss")         \
  INVARIANT(amplification, "amplification")             \
  INVARIANT(bogus_frag_needed, "bogus-frag-needed")     \
  INVARIANT(pmtud_convergence, "pmtud-convergence")     \
  INVARIANT(icmp_accounting, "icmp-accounting")         \
  INVARIANT(integrity, "integrity")                     \
  INVARIANT(df_preserved, "df-preserved")               \
  INVARIANT(header_transparency, "header-transparency") \
  INVARIANT(duplicates, "duplicates")                   \
  INVARIANT(reordering, "reordering")                   \
  INVARIANT(retransmits, "retransmits")                 \
  INVARIANT(throughput_floor, "throughput-floor")       \
  INVARIANT(reference_floor, "reference-floor")         \
  INVARIANT(state_held, "state-held")                   \
  INVARIANT(kernel_log, "kernel-log")                   \
  INVARIANT(liveness, "liveness")                       \
  INVARIANT(family_symmetry, "family-symmetry")

enum class Invariant {
#define OFFLAB_ENUMERATOR(id, name) id,
  OFFLAB_INVARIANTS(OFFLAB_ENUMERATOR)
#undef OFFLAB_ENUMERATOR
};

#define OFFLAB_QUALIFIED(id, name) Invariant::id,
inline constexpr std::array all_invariants = {OFFLAB_INVARIANTS(OFFLAB_QUALIFIED)};
#undef OFFLAB_QUALIFIED

constexpr std::string_view to_string(Invariant invariant) {
#define OFFLAB_NAME(id, name) std::string_view(name),
  constexpr std::array names = {OFFLAB_INVARIANTS(OFFLAB_NAME)};
#undef OFFLAB_NAME
  return names.at(static_cast<std::size_t>(invariant));
}

constexpr std::optional<Invariant> parse_invariant(std::string_view name) {
  for (const Invariant invariant : all_invariants)
    if (to_string(invariant) == name) return invariant;
  return std::nullopt;
}

}  // namespace offlab
