// What vim-cmd prints. The table is that of a 7.0 host, as others published it, names replaced.
#include "esxi/vim_cmd_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/refusal.h"

namespace offlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* machines =
    "Vmid           Name                                      File                                    Guest OS       "
    "   Version                  Annotation\n"
    "10     vm1       [ds2] vm1_1/vm1_1.vmx       windows8Server64Guest    vmx-17\n"
    "12     vm 2, new     [ds1] vm2/vm2.vmx               vmwarePhoton64Guest      vmx-13    First line of a note.\n"
    "\n"
    "   A second paragraph of that note, indented.\n"
    "3 more lines\n"
    "2      vm4             [ds2] vm4/vm4.vmx                       windows2019srv_64Guest   vmx-17\n";

TEST(VimCmdText, NotesAreNoMachines) {
  EXPECT_THAT(parse_all_machines(machines),
              ElementsAre(ListedMachine{10, "vm1"}, ListedMachine{12, "vm 2, new"}, ListedMachine{2, "vm4"}));
}

TEST(VimCmdText, AnErrorListsNoMachines) {
  EXPECT_THAT(parse_all_machines("Failed to connect\n"), IsEmpty());
  EXPECT_THAT(parse_all_machines(""), IsEmpty());
}

TEST(VimCmdText, PowerIsOnOrNot) {
  EXPECT_TRUE(parse_power_state("Retrieved runtime info\nPowered on\n"));
  EXPECT_FALSE(parse_power_state("Retrieved runtime info\nPowered off\n"));
  EXPECT_FALSE(parse_power_state("Retrieved runtime info\nSuspended\n"));
  EXPECT_THAT(refusal([] { parse_power_state("(vim.fault.NotFound) {\n"); }), HasSubstr("no power state"));
}

TEST(VimCmdText, EthernetCardsHaveModelPortGroupAndAddress) {
  const auto nics = parse_devices(R"(   hardware = (vim.vm.VirtualHardware) {
      (vim.vm.device.VirtualDisk) {
         macAddress = "none", 
      }, 
      (vim.vm.device.VirtualVmxnet3) {
         key = 4000, 
         backing = (vim.vm.device.VirtualEthernetCard.NetworkBackingInfo) {
            deviceName = "VM Network", 
         }, 
         macAddress = "00:0c:29:aa:bb:cc", 
      }, 
      (vim.vm.device.VirtualE1000e) {
         backing = (vim.vm.device.VirtualEthernetCard.DistributedVirtualPortBackingInfo) {
            port = (vim.dvs.PortConnection) {
               portgroupKey = "dvportgroup-12", 
            }, 
         }, 
         macAddress = "00:0c:29:aa:bb:cd", 
      }, 
)");
  EXPECT_THAT(nics, ElementsAre(HostNic{"vmxnet3", "VM Network", "00:0c:29:aa:bb:cc"},
                                HostNic{"e1000e", "dvportgroup-12", "00:0c:29:aa:bb:cd"}));
}

}  // namespace
}  // namespace offlab
