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

void LinuxInjection::set_merging(const std::string& wire_port, const std::string& router_port, StageMode mode) {
  const bool whole = mode == StageMode::pass;
  const bool merge = mode == StageMode::merge;
  set_device_offload(wire_port, DeviceOffload::tso, whole);
  set_device_offload(wire_port, DeviceOffload::gso, whole);
  write_setting(device_path(router_port, "gro_flush_timeout"), merge ? flush_timeout : "0");
  write_setting(device_path(router_port, "napi_defer_hard_irqs"), merge ? deferred_interrupts : "0");
  set_device_offload(router_port, DeviceOffload::gro, merge);
  require(wire_port, "tx-tcp-segmentation", whole);
  require(wire_port, "tx-generic-segmentation", whole);
  require(router_port, "rx-gro", merge);
}

}  // namespace offlab
