#include "plan/step.h"

#include <fmt/core.h>

#include "family/guest_family.h"

namespace offlab {
namespace {

// A command of several lines stays below the step that it belongs to.
std::string indented(const std::string& command) {
  std::string text;
  for (const char c : command) text += c == '\n' ? "\n    " : std::string(1, c);
  return text;
}

struct Describe {
  std::string operator()(const step::RunCommands& run) const {
    std::string text = fmt::format("{}: {}", run.node, run.purpose);
    for (const std::string& command : run.commands) text += "\n    " + indented(command);
    return text;
  }
  std::string operator()(const step::ApplySettings& apply) const {
    std::string text = "all: settings of this case";
    for (const step::NodeSettings& node : apply.nodes) {
      for (const std::string& command : node.commands)
        text += fmt::format("\n    {}: {}", node.node, indented(command));
      for (const step::SetValue& one : node.values)
        text += fmt::format("\n    {}: {} {}", node.node, one.file.name,
                            one.value ? "= " + *one.value : "(as it was before it was set)");
      for (const auto& [interface, features] : node.features) {
        const GuestFamily& family = family_of(node.system);
        text += fmt::format("\n    {}: {} {}", node.node, family.switch_offloads(), interface);
        for (const auto& [feature, on] : features) {
          const std::string name = short_feature(feature);
          const std::string word = family.offload_word(name, on.value_or(true));
          if (!word.empty()) text += " " + (on ? word : name + " (as after boot)");
        }
      }
    }
    return text;
  }
  std::string operator()(const step::CheckPath& check) const {
    return fmt::format("{}: ping {}", check.node, to_string(check.target));
  }
  std::string operator()(const step::ForceTap& force) const {
    return fmt::format("host: tap {}: force hypervisor.lro = {}{}", force.tap, to_string(force.lro),
                       force.families == LroFamilies::both ? "" : fmt::format(" ({})", to_string(force.families)));
  }
  std::string operator()(const step::SetMerging& merging) const {
    return fmt::format("host: merge stage {} | {}: {}", merging.wire_port, merging.router_port,
                       merging.mode == StageMode::merge   ? "coalesce what comes from the wire"
                       : merging.mode == StageMode::split ? "split what comes from the wire into packets"
                                                          : "pass everything through");
  }
  std::string operator()(const step::ReleaseTaps&) const { return "host: put forced taps back as they were"; }
  std::string operator()(const step::StartCapture& capture) const {
    std::string text = "host: capture";
    for (const step::CaptureTarget& target : capture.targets) text += " " + target.point.id;
    return text + fmt::format(" ({} a frame, at most {} a file)", to_string(ByteCount{capture.snap_length}),
                              to_string(capture.limit));
  }
  std::string operator()(const step::StopCapture&) const { return "host: end capture"; }
  std::string operator()(const step::TakeSnapshot& snapshot) const {
    return fmt::format("{}: {} ({})",
                       snapshot.guests && snapshot.taps ? "all"
                       : snapshot.guests                ? "guests"
                                                        : "host",
                       snapshot.guests ? "counters, settings, kernel log" : "offloads of taps", snapshot.moment);
  }
  std::string operator()(const step::Transfer& transfer) const {
    return fmt::format("{} -> {}: bulk TCP {} {}:{}{}, at most {} s after {} s of warm-up", transfer.sender,
                       transfer.receiver, transfer.sender_connects ? "to" : "from", to_string(transfer.address),
                       transfer.port, transfer.streams == 1 ? "" : fmt::format(", {} streams", transfer.streams),
                       transfer.duration_seconds, transfer.warmup_seconds);
  }
  std::string operator()(const step::CheckStream& stream) const {
    return fmt::format("{} -> {}: {} {} {}:{}, SHA-256 at both ends", stream.sender, stream.receiver,
                       to_string(ByteCount{stream.bytes}), stream.sender_connects ? "to" : "from",
                       to_string(stream.address), stream.port);
  }
  std::string operator()(const step::StartBackground& load) const {
    return fmt::format("{0} -> {1}: load beside the transfer\n    {0}: {2}\n    {1}: {3}", load.sender, load.receiver,
                       load.send, load.receive);
  }
  std::string operator()(const step::StopBackground&) const { return "all: end the load"; }
  std::string operator()(const step::JoinEnds& ends) const {
    std::string text = ends.bridge == ends.home ? "host: the ends share a link"
                                                : fmt::format("host: tap {} moves to bridge {}", ends.tap, ends.bridge);
    for (const step::RunCommands& run : ends.join) text += "\n  " + indented((*this)(run));
    return text;
  }
  std::string operator()(const step::PartEnds&) const { return "all: the ends' links are as they were"; }
};

}  // namespace

std::string describe(const Step& step) {
  return std::visit(Describe{}, step);
}

}  // namespace offlab
