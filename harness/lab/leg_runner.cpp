#include "lab/leg_runner.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "base/error.h"
#include "base/shell_words.h"
#include "family/guest_family.h"
#include "lab/parallel.h"
#include "lab/run_commands.h"
#include "lab/snapshot_script.h"
#include "lab/stream_check.h"
#include "lab/tap_word.h"
#include "lab/transfer_runner.h"
#include "measure/guest_features.h"
#include "measure/sections.h"
#include "plan/deadlines.h"

namespace offlab {
namespace {

bool is_merging_feature(const std::string& feature) {
  static const std::set<std::string> names = {"large-receive-offload", "generic-receive-offload", "rx-gro-hw",
                                              "tcp-segmentation-offload", "generic-segmentation-offload"};
  return names.count(feature) != 0;
}

bool changes_interfaces(const std::string& command) {
  return command.find("link set") != std::string::npos || command.starts_with("ifconfig ");
}

}  // namespace

LegRunner::LegRunner(const LabPlan& lab, const CasePlan& of, const LegPlan& leg, LabPorts ports,
                     std::filesystem::path folder, const std::stop_token& stop, LegObservation& seen, LegMemory& memory)
    : lab_(lab),
      leg_(leg),
      id_(of.id),
      mark_(fmt::format("{} {}", std::filesystem::path(of.folder).filename().string(), leg_name(leg.role, leg.round))),
      ports_(ports),
      ends_(ports.shell, lab),
      folder_(std::move(folder)),
      stop_(stop),
      seen_(seen),
      memory_(memory) {}

LegRunner::~LegRunner() {
  background_.reset();
  try {
    (*this)(step::StopCapture{});
  } catch (const std::exception& error) {
    ports_.observer.on(event::Note{fmt::format("ending the capture: {}", error.what())});
  }
  try {
    (*this)(step::ReleaseTaps{});
  } catch (const std::exception& error) {
    ports_.observer.on(event::Note{fmt::format("putting taps back: {}", error.what())});
  }
  try {
    (*this)(step::PartEnds{});
  } catch (const std::exception& error) {
    ports_.observer.on(event::Note{fmt::format("parting the ends: {}", error.what())});
  }
}

void LegRunner::operator()(const step::RunCommands& run) {
  run_commands(ports_.shell, ports_.clock, run.node, run.purpose, run.commands, limits::command, stop_);
}

void LegRunner::operator()(const step::ApplySettings& apply) {
  std::map<std::string, std::string> offloads;
  for (const step::NodeSettings& node : apply.nodes) {
    expect_other_offloads(node);
    offloads[node.node] = offload_script(node);
  }
  for_each_at_once(apply.nodes, [&](const step::NodeSettings& node) { apply_to(node, offloads.at(node.node)); });
}

// Commands may bring interfaces up anew, or do anything; some sysctls switch offloads, as forwarding does.
void LegRunner::expect_other_offloads(const step::NodeSettings& node) {
  const bool values = std::any_of(node.values.begin(), node.values.end(),
                                  [&](const step::SetValue& one) { return memory_.values.changes(node.node, one); });
  const bool anew = std::any_of(node.commands.begin(), node.commands.end(), changes_interfaces);
  if (values || anew) std::erase_if(memory_.known, [&](const auto& one) { return one.first.node == node.node; });
}

std::string LegRunner::offload_script(const step::NodeSettings& node) {
  const GuestFamily& family = family_of(node.system);
  std::string script;
  for (const auto& [device, features] : node.features) {
    const NicRef nic = nic_of(node.node, device);
    const std::string words = feature_words(family, nic, features);
    if (words.empty()) continue;
    forget_offloads(nic.node, device);
    script += fmt::format("{3} {0}{1} || {{ echo '{0} did not take{1}' >&2; exit {2}; }}\n", device, words,
                          refused_status, family.switch_offloads());
  }
  return script;
}

void LegRunner::forget_offloads(const std::string& node, const std::string& device) {
  for (const std::string& network : networks_of(nic_plan(node, device))) memory_.known.erase({node, network});
}

const NicPlan& LegRunner::nic_plan(const std::string& node, const std::string& device) const {
  for (const NodePlan& one : lab_.nodes)
    for (const NicPlan& nic : one.nics)
      if (one.name == node && nic.device == device) return nic;
  throw Error(fmt::format("{} has no NIC '{}' in this lab", node, device));
}

NicRef LegRunner::nic_of(const std::string& node, const std::string& device) const {
  return {node, nic_plan(node, device).network};
}

// In as few calls as possible: each costs a guest some 30 ms.
void LegRunner::apply_to(const step::NodeSettings& node, const std::string& offloads) {
  std::vector<std::string> pieces;
  const auto add_values = [&](bool set) {
    for (const step::SetValue& one : node.values)
      if (one.value.has_value() == set) pieces.push_back(memory_.values.script(node.node, one));
  };
  add_values(false);
  for (const std::string& command : node.commands) pieces.push_back(checked(command));
  add_values(true);
  pieces.push_back(offloads);
  std::erase(pieces, "");
  const std::string action = fmt::format("settings of this case on {}", node.node);
  std::string output;
  for (const std::string& script : packed(pieces)) {
    const CommandResult result =
        ports_.shell.run(node.node, script, Deadline(action, limits::command, ports_.clock), stop_);
    output += result.output;
    if (result.exit_status == 0) continue;
    memory_.values.learn(node.node, node.values, output, false);
    if (result.exit_status == refused_status)
      throw Unsupported(fmt::format("{}: {}", node.node, without_last_ends_of_line(result.errors)));
    throw Error(fmt::format("{}: exit status {}: {}", action, result.exit_status, result.errors));
  }
  memory_.values.learn(node.node, node.values, output, true);
}

// " lro off gro on": what is not fixed. Throws Unsupported for what the interface cannot do.
std::string LegRunner::feature_words(const GuestFamily& family, const NicRef& nic,
                                     const step::WantedFeatures& features) const {
  const GuestFeatures baseline = parse_guest_features(seen_.baseline.at(nic));
  const auto text = memory_.known.find(nic);
  const GuestFeatures now = text == memory_.known.end() ? GuestFeatures() : parse_guest_features(text->second);
  std::string words;
  for (const auto& [feature, wanted] : features) {
    const auto known = baseline.find(feature);
    if (known == baseline.end()) {
      if (wanted.value_or(false))
        throw Unsupported(fmt::format("{}'s {} has no offload '{}'", nic.node, nic.network, short_feature(feature)));
      continue;
    }
    const bool on = wanted.value_or(known->second.active);
    if (known->second.fixed) {
      if (on != known->second.active)
        throw Unsupported(fmt::format("{}'s {} has {} fixed {}", nic.node, nic.network, short_feature(feature),
                                      known->second.active ? "on" : "off"));
      continue;
    }
    // What is so already needs no call: ethtool costs a guest some 50 ms. The snapshots tell if it is not.
    if (const auto state = now.find(feature); state != now.end() && state->second.active == on) continue;
    words += " " + family.offload_word(short_feature(feature), on);
  }
  return words;
}

void LegRunner::remember_offloads(const Snapshot& snapshot) {
  for (const NodePlan& node : lab_.nodes) {
    const auto sections = parse_sections(snapshot.nodes.at(node.name));
    for (const NicPlan& nic : node.nics)
      if (const auto text = sections.find("ethtool -k " + nic.device); text != sections.end())
        for (const std::string& network : networks_of(nic)) memory_.known[{node.name, network}] = text->second;
  }
}

void LegRunner::operator()(const step::CheckPath& check) {
  const std::string target = to_string(check.target);
  const std::string script = fmt::format(
      "i=0; while [ $i -lt {} ]; do ping -c 1 -W 1 {} >/dev/null 2>&1 && exit 0; i=$((i+1)); done; "
      "ip route show; exit 1",
      limits::path_attempts, target);
  const CommandResult result =
      ends_.run(check.node, script,
                Deadline(fmt::format("ping {} from {}", target, check.node), limits::path, ports_.clock), stop_);
  if (result.exit_status == 0) return;
  const std::string trouble =
      fmt::format("no way from {} to {}: {} pings unanswered", check.node, target, limits::path_attempts);
  // There was one for the case's first leg: it is not the lab that broke since.
  if (leg_.role == LegRole::control && leg_.round == 1)
    throw Error(fmt::format("{}; its routes: {}", trouble, result.output));
  ports_.observer.on(event::Note{trouble});
}

void LegRunner::operator()(const step::SetMerging& merging) {
  if (merging.mode != StageMode::pass) merging_.push_back(merging);
  ports_.injection.set_merging(merging.wire_port, merging.router_port, merging.mode);
}

void LegRunner::operator()(const step::ForceTap& force) {
  saved_words_.emplace_back(force.tap, word_to_replace(force.tap, ports_.observation.tap_state(force.tap)));
  ports_.injection.set_offload_word(force.tap, forced_word(force.families));
}

void LegRunner::operator()(const step::ReleaseTaps&) {
  std::exception_ptr failure;  // the first one; it keeps nothing else from being put back
  const auto attempt = [&](const auto& put_back) {
    try {
      put_back();
    } catch (const Error&) {
      if (!failure) failure = std::current_exception();
    }
  };
  for (; !saved_words_.empty(); saved_words_.pop_back()) attempt([&] { restore_word(saved_words_.back()); });
  for (; !merging_.empty(); merging_.pop_back())
    attempt(
        [&] { ports_.injection.set_merging(merging_.back().wire_port, merging_.back().router_port, StageMode::pass); });
  if (failure) std::rethrow_exception(failure);
}

void LegRunner::restore_word(const std::pair<std::string, OffloadWord>& saved) {
  const auto& [tap, word] = saved;
  ports_.injection.set_offload_word(tap, word);
  if (word_of(ports_.observation.tap_state(tap)) != word)
    throw Error(fmt::format("tap {} did not take its saved offloads back", tap));
}

void LegRunner::operator()(const step::StartCapture& start) {
  std::vector<CaptureRequest> requests;
  for (const step::CaptureTarget& target : start.targets)
    requests.push_back({.point = target.point,
                        .interface = target.interface,
                        .file = folder_ / (target.point.id + ".pcapng"),
                        .description = fmt::format("offlab {}: {}", id_, target.description),
                        .limit = start.limit,
                        .snap_length = start.snap_length,
                        .section_comment = offload_state()});
  capture_ = ports_.observation.start_capture(requests);
}

// Offloads of the devices under test and of their taps, for whoever opens the capture.
std::string LegRunner::offload_state() const {
  std::string text = fmt::format("offlab {}", mark_);
  for (const NodePlan& node : lab_.nodes) {
    if (!node.device_under_test) continue;
    for (const NicPlan& nic : node.nics) {
      const NicRef where = {node.name, nic.network};
      const auto known = memory_.known.find(where);
      const GuestFeatures features =
          parse_guest_features(known == memory_.known.end() ? seen_.baseline.at(where) : known->second);
      text += fmt::format("\n{} ({}):", to_string(where), to_string(nic.model));
      for (const auto& [feature, state] : features)
        if (is_merging_feature(feature))
          text += fmt::format(" {} {}", short_feature(feature), state.active ? "on" : "off");
      if (!lab_.observable.tap_states) continue;
      const TapState tap = ports_.observation.tap_state(nic.tap);
      const auto accepts = tap.features.find("tx-tcp-segmentation");
      text += fmt::format("; tap {} accepts coalesced packets: {}", nic.tap,
                          accepts != tap.features.end() && accepts->second ? "yes" : "no");
    }
  }
  return text;
}

void LegRunner::operator()(const step::StopCapture&) {
  if (!capture_) return;
  const std::unique_ptr<Capture> ended = std::move(capture_);
  seen_.captures = ended->stop();
}

void LegRunner::operator()(const step::TakeSnapshot& take) {
  Snapshot snapshot;
  if (take.guests) {
    snapshot.nodes = read_guests(take.moment);
    remember_offloads(snapshot);
  }
  if (take.taps)
    for (const std::string& tap : test_taps()) snapshot.taps[tap] = ports_.observation.tap_state(tap);
  (take.moment == "before" ? seen_.before : seen_.after) = std::move(snapshot);
}

std::map<std::string, std::string> LegRunner::read_guests(const std::string& moment) {
  std::map<std::string, std::string> texts;
  std::mutex mutex;
  for_each_at_once(lab_.nodes, [&](const NodePlan& node) {
    std::string text = read_guest(node, moment);
    const std::lock_guard lock(mutex);
    texts[node.name] = std::move(text);
  });
  return texts;
}

std::string LegRunner::read_guest(const NodePlan& node, const std::string& moment) {
  std::vector<GuestFile> files;
  for (const WantedValue& wanted : leg_.intent.values)
    if (wanted.node == node.name) files.push_back(wanted.file);
  const std::string action = fmt::format("counters of {}", node.name);
  std::string text;
  for (const std::string& script : snapshot_scripts(node, moment, mark_, files))
    text += ports_.shell.run(node.name, script, Deadline(action, limits::command, ports_.clock), stop_).output;
  return text;
}

void LegRunner::operator()(const step::Transfer& transfer) {
  const bool control = leg_.role == LegRole::control;
  if (memory_.case_id != id_) memory_.control.clear();
  memory_.case_id = id_;
  const LabPorts ports{ports_.hypervisor,  ends_,           ports_.fabric, ports_.injection,
                       ports_.observation, ports_.observer, ports_.clock};
  TransferRunner runner(ports, leg_, id_, capture_.get(), control ? RateSeries() : memory_.control, stop_, seen_);
  runner.run(transfer);
  if (control) memory_.control = runner.rates();
}

void LegRunner::operator()(const step::CheckStream& stream) {
  const TransferEnd end = seen_.transfer.end;
  const bool failed = end == TransferEnd::full_time && seen_.transfer.exit_status != 0;
  const bool broken = failed || end == TransferEnd::storm || end == TransferEnd::stalled;
  seen_.stream = check_stream(ends_, ports_.clock, stream, broken ? limits::broken_stream : limits::stream, stop_);
}

void LegRunner::operator()(const step::StartBackground& start) {
  background_ = std::make_unique<BackgroundLoad>(ends_, ports_.clock, start, stop_);
}

void LegRunner::operator()(const step::StopBackground&) {
  if (!background_) return;
  seen_.background = background_->end(stop_);
  background_.reset();
}

void LegRunner::operator()(const step::JoinEnds& ends) {
  joined_ = ends;
  if (ends.bridge != ends.home) ports_.fabric.move_port(ends.tap, ends.bridge);
  for (const step::RunCommands& run : ends.join) (*this)(run);
}

// The tap first: whatever is wrong in the guests, the next leg is to go through the routers.
void LegRunner::operator()(const step::PartEnds&) {
  if (!joined_) return;
  const step::JoinEnds ends = *std::exchange(joined_, std::nullopt);
  if (ends.bridge != ends.home) ports_.fabric.move_port(ends.tap, ends.home);
  for (const step::RunCommands& run : ends.part) (*this)(run);
}

std::vector<std::string> LegRunner::test_taps() const {
  std::vector<std::string> taps;
  for (const NodePlan& node : lab_.nodes)
    for (const NicPlan& nic : node.nics) taps.push_back(nic.tap);
  for (const StagePlan& stage : lab_.stages) taps.insert(taps.end(), {stage.wire_port, stage.router_port});
  return taps;
}

}  // namespace offlab
