// The advanced settings of an ESXi host that decide whether it merges packets on their way to a virtual machine.
// Source: "Understanding TCP Segmentation Offload (TSO) and Large Receive Offload (LRO) in a VMware environment"
// (Broadcom KB 318877, before 2055140), and the descriptions that hosts of 6.0 to 8.0 give themselves.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace offlab {

struct EsxiSettingRow {
  std::string_view key;   // as the vSphere API names it; esxcli: "/Net/Vmxnet3HwLRO"
  bool is_lro = true;     // one of the five that switch LRO; the others are only looked at
  std::string_view nics;  // which models of virtual NICs it is about
  std::string_view purpose;
};

inline constexpr std::array<EsxiSettingRow, 8> esxi_settings = {{
    {"Net.VmxnetSwLROSL", true, "vmxnet2, vmxnet3", "LRO in software, for short-lived flows"},
    {"Net.Vmxnet3SwLRO", true, "vmxnet3", "LRO in software"},
    {"Net.Vmxnet3HwLRO", true, "vmxnet3", "LRO by the physical NIC"},
    {"Net.Vmxnet2SwLRO", true, "vmxnet2", "LRO in software"},
    {"Net.Vmxnet2HwLRO", true, "vmxnet2", "LRO by the physical NIC"},
    {"Net.VmxnetPromDisableLro", false, "vmxnet2, vmxnet3", "1: no LRO in software for a promiscuous NIC"},
    {"Net.NetpollSwLRO", false, "all", "LRO in software when the host polls"},
    {"Net.TcpipDefLROEnabled", false, "vmk", "LRO of the host's own TCP/IP stack"},
}};

inline std::vector<std::string> keys_where(bool (*is_meant)(const EsxiSettingRow&)) {
  std::vector<std::string> keys;
  for (const EsxiSettingRow& row : esxi_settings)
    if (is_meant(row)) keys.emplace_back(row.key);
  return keys;
}
// All of them, in the order of the table.
inline std::vector<std::string> esxi_keys() {
  return keys_where([](const EsxiSettingRow&) { return true; });
}
// The five.
inline std::vector<std::string> lro_keys() {
  return keys_where([](const EsxiSettingRow& row) { return row.is_lro; });
}

// One of them as a host has it.
struct EsxiSetting {
  std::string key;
  std::optional<std::int64_t> value = {};     // nothing: the host has no such setting
  std::optional<std::int64_t> standard = {};  // the default; nothing: the host does not say
  std::string impact = {};                    // "none", "reboot", "maintenance-mode"; empty: the host does not say
  bool operator==(const EsxiSetting&) const = default;
};

}  // namespace offlab
