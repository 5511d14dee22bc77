#include "lab/live_settings.h"

#include <charconv>
#include <mutex>

#include <fmt/core.h>

#include "base/error.h"
#include "lab/leg_runner.h"
#include "lab/parallel.h"
#include "lab/run_commands.h"
#include "lab/tap_word.h"
#include "measure/guest_features.h"
#include "measure/sections.h"
#include "plan/deadlines.h"
#include "setting/end_commands.h"
#include "setting/switch_commands.h"

namespace offlab {
namespace {

std::vector<std::string> state_commands(const NodePlan& node, const GuestValues& values) {
  std::string read = "offlab-state";
  for (const NicPlan& nic : node.nics) read += " " + nic.device;
  std::vector<std::string> commands = {
      read, "echo '==> no_pmtu_disc <=='; " + in_namespace(node.netns, "cat /proc/sys/net/ipv4/ip_no_pmtu_disc")};
  for (const auto& [file, before] : values.before(node.name)) commands.push_back(read_value(file));
  commands.emplace_back("echo '==> end <=='");
  return commands;
}

// What is fixed cannot be switched.
std::map<std::string, bool> switchable(const std::string& ethtool_json) {
  std::map<std::string, bool> features;
  for (const auto& [name, state] : parse_guest_features(ethtool_json))
    if (!state.fixed) features[name] = state.active;
  return features;
}

// Its members tell all, and switching it would switch every one of them.
bool is_group(const std::string& feature) {
  return feature == "tx-checksumming" || feature == "scatter-gather" || feature == "tcp-segmentation-offload";
}

std::vector<std::string> changed_features(const NicState& wanted, const NicState& now) {
  std::vector<std::string> changed;
  for (const auto& [feature, on] : wanted.features) {
    const auto other = now.features.find(feature);
    if (!is_group(feature) && (other == now.features.end() || other->second != on)) changed.push_back(feature);
  }
  return changed;
}

std::string mtu_script(const NicPlan& nic, const NicState& wanted, const NicState& now) {
  return now.mtu == wanted.mtu ? "" : mtu_command(nic.device, nic.model, Mtu{wanted.mtu});
}

std::string feature_script(const NicPlan& nic, const NicState& wanted, const NicState& now) {
  std::string words;
  for (const std::string& feature : changed_features(wanted, now))
    words += fmt::format(" {} {}", short_feature(feature), wanted.features.at(feature) ? "on" : "off");
  return words.empty() ? "" : fmt::format("ethtool -K {}{}", nic.device, words);
}

// A transfer that was broken off still occupies the sender's iperf3.
constexpr const char* end_transfers =
    "for p in $(pidof iperf3); do if tr '\\0' ' ' < /proc/$p/cmdline | grep -q -- --client; then kill $p || true; fi; "
    "done";

std::string first_difference(const LiveState& wanted, const LiveState& now) {
  for (const auto& [where, nic] : wanted.nics) {
    const NicState& other = now.nics.at(where);
    if (nic.mtu != other.mtu) return fmt::format("{} has mtu {}, had {}", to_string(where), other.mtu, nic.mtu);
    const auto changed = changed_features(nic, other);
    if (!changed.empty())
      return fmt::format("{} has another state of {}", to_string(where), short_feature(changed.front()));
  }
  for (const auto& [tap, word] : wanted.taps)
    if (!(word == now.taps.at(tap))) return fmt::format("tap '{}' has another offload word", tap);
  for (const auto& [node, values] : wanted.values)
    for (const auto& [name, value] : values)
      if (const auto other = now.values.find(node); other == now.values.end() || other->second.count(name) == 0 ||
                                                    single_spaced(other->second.at(name)) != single_spaced(value))
        return fmt::format("{} has another value of {}", node, name);
  return wanted.df == now.df ? "" : "a node's DF setting differs";
}

using Sections = std::map<std::string, std::string>;

// Throws Error when the guest did not print it.
const std::string& printed(const Sections& sections, const std::string& name, const std::string& node) {
  const auto found = sections.find(name);
  if (found == sections.end()) throw Error(fmt::format("guest '{}' printed no '{}'", node, name));
  return found->second;
}

std::uint32_t printed_number(const Sections& sections, const std::string& name, const std::string& node) {
  const std::string& text = printed(sections, name, node);
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end == text.data())
    throw Error(fmt::format("guest '{}' printed '{}' as its {}, which is no number", node, text.substr(0, 40), name));
  return number;
}

}  // namespace

void LiveSettings::apply(const std::vector<Step>& steps) {
  const auto forced = forced_;
  const auto merging = merging_;
  try {
    carry_out(steps);
  } catch (const std::exception&) {  // what could not be switched leaves the taps as they were
    inject_again(forced, merging);
    throw;
  }
}

// Also when whoever asked went away just now.
void LiveSettings::inject_again(const ForcedTaps& forced, const std::vector<step::SetMerging>& merging) {
  lab_.resume();
  lab_.visit("putting taps back", [&](const Lab::Access& lab) {
    release_taps(lab);
    for (const step::SetMerging& stage : merging) set_merging(lab, stage);
    for (const auto& [tap, one] : forced) force_tap(lab, one.step);
  });
}

void LiveSettings::carry_out(const std::vector<Step>& steps) {
  lab_.visit("settings", [&](const Lab::Access& lab) {
    release_taps(lab);
    LegObservation seen;
    seen.baseline = lab.baseline;
    const CasePlan of{.id = "settings"};
    LegRunner guests(lab.plan, of, LegPlan{}, lab.ports, {}, lab.stop, seen, lab.memory);
    for (const Step& one : steps)
      if (const auto* settings = std::get_if<step::ApplySettings>(&one))
        guests(*settings);
      else if (const auto* commands = std::get_if<step::RunCommands>(&one))
        guests(*commands);
    for (const Step& one : steps)
      if (const auto* merging = std::get_if<step::SetMerging>(&one))
        set_merging(lab, *merging);
      else if (const auto* force = std::get_if<step::ForceTap>(&one))
        force_tap(lab, *force);
  });
}

void LiveSettings::release_taps(const Lab::Access& lab) {
  for (const auto& [tap, forced] : forced_)
    if (word_of(lab.ports.observation.tap_state(tap)) == forced.word)
      lab.ports.injection.set_offload_word(tap, forced.saved);
  forced_.clear();
  for (const step::SetMerging& stage : merging_)
    lab.ports.injection.set_merging(stage.wire_port, stage.router_port, StageMode::pass);
  merging_.clear();
}

void LiveSettings::set_merging(const Lab::Access& lab, const step::SetMerging& stage) {
  merging_.push_back(stage);
  lab.ports.injection.set_merging(stage.wire_port, stage.router_port, stage.mode);
}

void LiveSettings::force_tap(const Lab::Access& lab, const step::ForceTap& force) {
  const OffloadWord word = forced_word(force.families);
  forced_[force.tap] = {word_to_replace(force.tap, lab.ports.observation.tap_state(force.tap)), word, force};
  lab.ports.injection.set_offload_word(force.tap, word);
  if (!(word_of(lab.ports.observation.tap_state(force.tap)) == word))
    throw Error(fmt::format("tap '{}' did not take the offload word that was forced on it", force.tap));
}

LiveState LiveSettings::read() {
  LiveState state;
  lab_.visit("reading settings", [&](const Lab::Access& lab) {
    std::mutex mutex;
    for_each_at_once(lab.plan.nodes, [&](const NodePlan& node) {
      const auto sections =
          parse_sections(run_commands(lab.ports.shell, lab.ports.clock, node.name, "reading settings",
                                      state_commands(node, lab.memory.values), limits::command, lab.stop));
      const std::lock_guard lock(mutex);
      for (const NicPlan& nic : node.nics)
        state.nics[{node.name, nic.network}] = {printed_number(sections, "mtu " + nic.device, node.name),
                                                switchable(printed(sections, "ethtool -k " + nic.device, node.name))};
      state.df[node.name] = printed_number(sections, "no_pmtu_disc", node.name) == 0;
      for (const auto& [file, before] : lab.memory.values.before(node.name))
        if (const auto text = sections.find(file.name); text != sections.end())
          state.values[node.name][file.name] = text->second.substr(0, text->second.find('\n'));
    });
    for (const NodePlan& node : lab.plan.nodes)
      for (const NicPlan& nic : node.nics) {
        const OffloadWord word = word_of(lab.ports.observation.tap_state(nic.tap));
        const auto forced = forced_.find(nic.tap);
        state.taps[nic.tap] = {word.checksum, word.tso4, word.tso6,
                               forced == forced_.end() ? HypervisorLro::off : forced->second.step.lro};
      }
  });
  return state;
}

// One script a node, made from its NICs' wanted and present state.
void LiveSettings::run_on_nics(const LiveState& wanted, const LiveState& now, const std::string& begin,
                               NicScript script_of) {
  lab_.visit("putting settings back", [&](const Lab::Access& lab) {
    for_each_at_once(lab.plan.nodes, [&](const NodePlan& node) {
      std::vector<std::string> commands;
      if (!begin.empty()) commands.push_back(begin);
      for (const NicPlan& nic : node.nics) {
        const NicRef where = {node.name, nic.network};
        std::string command = script_of(nic, wanted.nics.at(where), now.nics.at(where));
        if (!command.empty()) commands.push_back(std::move(command));
      }
      commands.push_back(in_namespace(node.netns, df_command(wanted.df.at(node.name))));
      run_commands(lab.ports.shell, lab.ports.clock, node.name, "putting settings back", commands, limits::command,
                   lab.stop);
    });
  });
}

// Of files that the lab has set since, `wanted` gets what they were before that.
void LiveSettings::restore_values(LiveState& wanted) {
  lab_.visit("putting settings back", [&](const Lab::Access& lab) {
    for (const NodePlan& node : lab.plan.nodes) {
      std::vector<std::string> commands;
      for (const auto& [file, before] : lab.memory.values.before(node.name)) {
        const std::string value = wanted.values[node.name].try_emplace(file.name, before).first->second;
        commands.push_back(put_back_value(file, value));
      }
      run_commands(lab.ports.shell, lab.ports.clock, node.name, "putting settings back", commands, limits::command,
                   lab.stop);
    }
    lab.memory.values.forget_now();
  });
}

// What commands put back comes before the values, which may be of the same files; offloads come last, since an MTU and
// some of the values switch them.
void LiveSettings::restore(LiveState wanted, const std::vector<Step>& after) {
  run_on_nics(wanted, read(), end_transfers, mtu_script);
  lab_.visit("putting settings back", [&](const Lab::Access& lab) {
    for (const Step& one : after)
      if (const auto* run = std::get_if<step::RunCommands>(&one))
        run_commands(lab.ports.shell, lab.ports.clock, run->node, run->purpose, run->commands, limits::command,
                     lab.stop);
  });
  restore_values(wanted);
  run_on_nics(wanted, read(), "", feature_script);
  lab_.visit("putting taps back", [&](const Lab::Access& lab) {
    for (const auto& [tap, word] : wanted.taps) {
      const OffloadWord saved{word.checksum, word.tso4, word.tso6};
      if (!(word_of(lab.ports.observation.tap_state(tap)) == saved)) lab.ports.injection.set_offload_word(tap, saved);
    }
  });
  const std::string difference = first_difference(wanted, read());
  if (!difference.empty()) throw Error("the lab is not as it was before: " + difference);
}

void LiveSettings::keep_over(const std::function<void()>& action, const std::vector<Step>& after) {
  const auto forced = forced_;
  const auto merging = merging_;
  const LiveState before = [&] {
    try {
      lab_.visit("settings", [&](const Lab::Access& lab) { release_taps(lab); });
      return read();
    } catch (const std::exception&) {
      inject_again(forced, merging);
      throw;
    }
  }();
  const auto put_back = [&] {
    lab_.resume();
    try {
      restore(before, after);
    } catch (const Interrupted&) {  // whoever asked went away just now; what was begun is finished all the same
      lab_.resume();
      restore(before, after);
    }
    inject_again(forced, merging);
  };
  try {
    action();
  } catch (...) {
    const std::exception_ptr failure = std::current_exception();
    put_back();
    std::rethrow_exception(failure);
  }
  put_back();
}

}  // namespace offlab
