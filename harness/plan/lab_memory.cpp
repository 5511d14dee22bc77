#include "plan/lab_memory.h"

namespace offlab {
namespace {

constexpr std::uint64_t mebibyte = 1024 * 1024;
constexpr std::uint64_t overhead_mib = 100;  // QEMU and its translation cache, a guest

}  // namespace

ByteCount lab_memory(const LabPlan& lab) {
  ByteCount total;
  for (const NodePlan& node : lab.nodes) total.bytes += (node.memory_mib + overhead_mib) * mebibyte;
  return total;
}

}  // namespace offlab
