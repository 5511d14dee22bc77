// Memory that labs may use, so that together they never bring the host down: one locked file a lab in CACHE/memory.
// The kernel frees a reservation with its holder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/units.h"
#include "process/file_lock.h"

namespace offlab {

struct MemoryClaim {
  std::string holder;  // "lab 'demo'"
  ByteCount bytes;
  bool operator==(const MemoryClaim&) const = default;
};

// The share of the host's memory that labs may use.
ByteCount memory_for_labs(ByteCount host_memory);

// How many labs of `one` fit beside what is claimed.
std::uint64_t labs_that_fit(ByteCount host_memory, const std::vector<MemoryClaim>& claims, ByteCount one);

// MemTotal of /proc/meminfo.
ByteCount host_memory();

// What labs that are alive have claimed; files of dead ones are removed.
std::vector<MemoryClaim> memory_claims(const std::filesystem::path& cache);

// Held until destroyed, and by forked children until they end.
class MemoryReservation {
 public:
  // Throws Error that names what is needed, what is free and who holds the rest.
  MemoryReservation(const std::filesystem::path& cache, const MemoryClaim& claim, ByteCount host_memory);
  MemoryReservation(const MemoryReservation&) = delete;
  MemoryReservation& operator=(const MemoryReservation&) = delete;
  ~MemoryReservation();

 private:
  std::filesystem::path file_;
  std::optional<FileLock> lock_;
};

}  // namespace offlab
