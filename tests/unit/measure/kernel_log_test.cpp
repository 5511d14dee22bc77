// Complaints in a guest's kernel log. The words are those of the Linux sources that kernel_log.cpp names.
#include "measure/kernel_log.h"

#include <gtest/gtest.h>

#include "measure/sections.h"
#include "unit/recorded_run.h"

namespace offlab {
namespace {

using Lines = std::vector<std::string>;

TEST(KernelComplaints, AreNotInTheLogsOfTheRecordedRun) {
  for (const char* id : {"control-lro-on", "hypervisor-lro", "smaller-client-mtu", "larger-upstream-mtu"})
    for (const auto& [node, text] : recorded_leg(id).seen.after.nodes)
      EXPECT_EQ(kernel_complaints(parse_sections(text).at("kernel log")), Lines{}) << id << " " << node;
}

TEST(KernelComplaints, AreEveryKindOfTroubleWithOffloads) {
  for (const char* line : {
           "[    9.1] wan: received packets cannot be forwarded while LRO is enabled",
           "[    9.1] WARNING: failed to disable LRO!",
           "[    9.1] wan: bad gso: type: 1, size: 1448",
           "[    9.1] eth0: bad csum",
           "[    9.1] wan: hw csum failure",
           "[    9.1] skb_warn_bad_offload+0xe5/0xf0",
           "[    9.1] kernel BUG at net/core/skbuff.c:4082!",
           "[    9.1] BUG: unable to handle page fault for address: ffffa0b1c2d3",
           "[    9.1] WARNING: CPU: 0 PID: 12 at net/core/dev.c:3235 skb_warn_bad_offload+0xe5/0xf0",
           "[zone: pf states] PF states limit reached",
           "[zone: mbuf_cluster] kern.ipc.nmbclusters limit reached",
       })
    EXPECT_EQ(kernel_complaints(line), Lines{line});
}

TEST(KernelComplaints, ComeInTheOrderOfTheLogWithoutTheRest) {
  EXPECT_EQ(
      kernel_complaints("[ 1] offlab: begin x\n[ 2] wan: hw csum failure\n[ 3] lan: link up\n[ 4] BUG: soft lockup\n"),
      (Lines{"[ 2] wan: hw csum failure", "[ 4] BUG: soft lockup"}));
}

TEST(KernelComplaints, AreNotWarningsFromOtherParts) {
  EXPECT_EQ(kernel_complaints("[ 1] WARNING: CPU: 0 PID: 1 at drivers/gpu/drm/x.c:1\n"), Lines{});
  EXPECT_EQ(kernel_complaints(""), Lines{});
}

TEST(KernelComplaints, AreNotDebugLines) {
  EXPECT_EQ(kernel_complaints("[ 2] vmxnet3 0000:00:02.0: DEBUG: ring size 256\n"), Lines{});
}

}  // namespace
}  // namespace offlab
