#include "plan/step.h"

#include <fmt/core.h>

namespace offlab {
namespace {

struct Describe {
  std::string operator()(const step::RunCommands& run) const {
    std::string text = fmt::format("{}: {}", run.node, run.purpose);
    for (const std::string& command : run.commands) text += "\n    " + command;
    return text;
  }
  std::string operator()(const step::SetFeatures& set) const {
    std::string text = fmt::format("{}: ethtool -K {}", set.node, set.interface);
    for (const auto& [feature, on] : set.features)
      text += fmt::format(" {} {}", short_feature(feature), !on ? "(as after boot)" : *on ? "on" : "off");
    return text;
  }
  std::string operator()(const step::CheckPath& check) const {
    return fmt::format("{}: ping {}", check.node, to_string(check.target));
  }
  std::string operator()(const step::ForceTap& force) const {
    return fmt::format("host: tap {}: force hypervisor.lro = {}", force.tap, to_string(force.lro));
  }
  std::string operator()(const step::ReleaseTaps&) const { return "host: put forced taps back as they were"; }
  std::string operator()(const step::StartCapture& capture) const {
    std::string text = "host: capture";
    for (const auto& point : capture.points) text += " " + point.tap;
    return text + fmt::format(" ({} a frame, at most {} a file)", to_string(ByteCount{capture.snap_length}),
                              to_string(capture.limit));
  }
  std::string operator()(const step::StopCapture&) const { return "host: end capture"; }
  std::string operator()(const step::TakeSnapshot& snapshot) const {
    return fmt::format("all: counters, settings, kernel log ({})", snapshot.moment);
  }
  std::string operator()(const step::Transfer& transfer) const {
    return fmt::format("{} -> {}: bulk TCP from {}:{}, {} s after {} s of warm-up", transfer.sender, transfer.receiver,
                       to_string(transfer.address), transfer.port, transfer.duration_seconds, transfer.warmup_seconds);
  }
};

}  // namespace

std::string describe(const Step& step) {
  return std::visit(Describe{}, step);
}

}  // namespace offlab
