#include "host/linux_injection.h"

#include <fmt/core.h>

#include "base/error.h"
#include "host/link_settings.h"
#include "host/tap_control.h"

namespace offlab {
namespace {

// How long packets are collected before they are handed on: nanoseconds, and how many polls may end without an
// interrupt being armed again.
constexpr const char* flush_timeout = "1000000";
constexpr const char* deferred_interrupts = "5";

void require(const std::string& port, const char* feature, bool on) {
  if (device_features(port).at(feature) != on)
    throw Error(fmt::format("'{}' did not take {} {}", port, feature, on ? "on" : "off"));
}

}  // namespace

void LinuxInjection::set_offload_word(const std::string& tap, OffloadWord word) {
  set_tap_offload(tap, word);
}

void LinuxInjection::set_merging(const std::string& wire_port, const std::string& router_port, bool on) {
  set_device_offload(wire_port, DeviceOffload::tso, !on);
  set_device_offload(wire_port, DeviceOffload::gso, !on);
  write_setting(device_path(router_port, "gro_flush_timeout"), on ? flush_timeout : "0");
  write_setting(device_path(router_port, "napi_defer_hard_irqs"), on ? deferred_interrupts : "0");
  set_device_offload(router_port, DeviceOffload::gro, on);
  require(wire_port, "tx-tcp-segmentation", !on);
  require(wire_port, "tx-generic-segmentation", !on);
  require(router_port, "rx-gro", on);
}

}  // namespace offlab
