#include "measure/settings_held.h"

#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "base/error.h"
#include "measure/guest_features.h"

namespace offlab {
namespace {

std::string on_off(bool on) {
  return on ? "on" : "off";
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
  return text;
}

// Nothing where ethtool printed something else.
std::optional<GuestFeatures> features_in(const std::string& text) {
  try {
    return parse_guest_features(text);
  } catch (const Error&) {
    return std::nullopt;
  }
}

class Check {
 public:
  Check(const LegIntent& intent, const LegObservation& seen) : intent_(intent), seen_(seen) {}

  void guests(const NodeSections& nodes, const std::string& when) {
    for (const WantedFeature& wanted : intent_.features) {
      const auto features = features_of(nodes, wanted.nic, when);
      if (!features) continue;
      const auto found = features->find(wanted.feature);
      const bool on = found != features->end() && found->second.active;  // a feature that is not there is off
      if (on != wanted.on) differ(wanted.nic, short_feature(wanted.feature), on_off(wanted.on), on_off(on), when);
    }
    for (const NicIntent& wanted : intent_.nics)
      value(nodes, wanted.nic.node, "mtu " + wanted.device, std::to_string(wanted.mtu.bytes), when);
    for (const WantedValue& wanted : intent_.values) file_value(nodes, wanted, when);
    for (const std::string& router : intent_.routers) value(nodes, router, "ip_forward", "1", when);
  }

  // Whatever changed in a guest's offloads while traffic ran, wanted or not.
  void guest_changes(const NodeSections& before, const NodeSections& after) {
    for (const NicIntent& wanted : intent_.nics) {
      const auto first = features_of(before, wanted.nic, "before");
      const auto last = features_of(after, wanted.nic, "after");
      if (!first || !last) continue;
      for (const auto& [name, state] : *first) {
        const auto now = last->find(name);
        if (now != last->end() && now->second.active != state.active && !already(wanted.nic, name))
          differ(wanted.nic, short_feature(name), on_off(state.active), on_off(now->second.active), "after");
      }
    }
  }

  void forced_taps(const Snapshot& snapshot, const std::string& when) {
    for (const auto& [tap, lro] : intent_.taps) {
      const auto state = snapshot.taps.find(tap);
      if (state == snapshot.taps.end()) {
        missing(fmt::format("state of tap {} {} the transfer", tap, when));
        continue;
      }
      if (lro == HypervisorLro::off) continue;
      for (const auto& [feature, on] : forced_features()) {
        const auto found = state->second.features.find(feature);
        if (found == state->second.features.end() || found->second != on)
          differ("tap " + tap, feature, on_off(on), on_off(!on), when, true);
      }
    }
  }

  // Merging or passing through, as the leg wants it.
  void stages(const Snapshot& snapshot, const std::string& when) {
    for (const StageIntent& stage : intent_.stages) {
      port(snapshot, stage.wire_port, "tx-tcp-segmentation", stage.mode == StageMode::pass, when);
      port(snapshot, stage.wire_port, "tx-generic-segmentation", stage.mode == StageMode::pass, when);
      port(snapshot, stage.router_port, "rx-gro", stage.mode == StageMode::merge, when);
    }
  }

  void samples() {
    for (const auto& [tap, lro] : intent_.taps) {
      if (lro == HypervisorLro::off) continue;
      if (!intent_.observable.samples) return cannot_see("samples of taps during the transfer");
      const bool sampled = std::any_of(seen_.samples.begin(), seen_.samples.end(),
                                       [&, name = tap](const TapSample& s) { return s.tap == name; });
      if (!sampled) missing(fmt::format("samples of tap {} during the transfer", tap));
      const bool tso4 = intent_.lro_families != LroFamilies::ipv6;
      const auto healed = std::find_if(seen_.samples.begin(), seen_.samples.end(),
                                       [&, name = tap](const TapSample& s) { return s.tap == name && s.tso4 != tso4; });
      if (healed != seen_.samples.end())
        differ("tap " + tap, "tx-tcp-segmentation", on_off(tso4), on_off(!tso4),
               fmt::format("{:.1f} s into the transfer", healed->seconds), true);
    }
  }

  void tap_changes() {
    for (const auto& [tap, first] : seen_.before.taps) {
      const auto last = seen_.after.taps.find(tap);
      if (last == seen_.after.taps.end()) continue;
      const auto forced = intent_.taps.find(tap);
      const bool is_forced = forced != intent_.taps.end() && forced->second != HypervisorLro::off;
      for (const auto& [feature, on] : first.features) {
        const auto now = last->second.features.find(feature);
        if (!is_forced && now != last->second.features.end() && now->second != on)
          differ("tap " + tap, feature, on_off(on), on_off(now->second), "after");
      }
      if (first.tun_flags != last->second.tun_flags)
        differ("tap " + tap, "tun_flags", fmt::format("{:#x}", first.tun_flags),
               fmt::format("{:#x}", last->second.tun_flags), "after");
      if (first.mtu != last->second.mtu)
        differ("tap " + tap, "mtu", std::to_string(first.mtu), std::to_string(last->second.mtu), "after");
    }
  }

  // Features that are neither as after configuration nor as asked for.
  void side_effects(const NodeSections& nodes) {
    for (const auto& [nic, text] : seen_.baseline) {
      const auto now = features_of(nodes, nic, "");
      const auto first = features_in(text);
      if (!first) missing(fmt::format("offloads of {} after configuration", to_string(nic)));
      if (!now || !first) continue;
      for (const auto& [name, state] : *first) {
        const auto found = now->find(name);
        if (found != now->end() && found->second.active != state.active && !asked_for(nic, name))
          result_.side_effects.push_back(
              fmt::format("{}: {} {}", to_string(nic), short_feature(name), on_off(found->second.active)));
      }
    }
  }

  void ingress_lro(const Hop& hop, const NodeSections& nodes) {
    const auto features = features_of(nodes, hop.ingress_nic(), "");
    if (!features) return;
    const auto lro = features->find(std::string(feature_lro));
    result_.ingress_lro = lro != features->end() && lro->second.active;
  }

  void cannot_see(const std::string& what) { missing(what + ", which this lab does not show"); }

  SettingsCheck take() { return std::move(result_); }

 private:
  std::map<std::string, bool> forced_features() const {
    return {{"tx-tcp-segmentation", intent_.lro_families != LroFamilies::ipv6},
            {"tx-tcp6-segmentation", intent_.lro_families != LroFamilies::ipv4}};
  }

  void port(const Snapshot& snapshot, const std::string& name, const std::string& feature, bool wanted,
            const std::string& when) {
    const auto state = snapshot.taps.find(name);
    const auto found = state == snapshot.taps.end() ? std::map<std::string, bool>::const_iterator()
                                                    : state->second.features.find(feature);
    if (state == snapshot.taps.end() || found == state->second.features.end())
      missing(fmt::format("{} of {} {} the transfer", feature, name, when));
    else if (found->second != wanted)
      differ("merge stage " + name, feature, on_off(wanted), on_off(!wanted), when, true);
  }

  static const std::string* section(const NodeSections& nodes, const std::string& node, const std::string& name) {
    const auto found = nodes.find(node);
    if (found == nodes.end()) return nullptr;
    const auto text = found->second.find(name);
    return text == found->second.end() ? nullptr : &text->second;
  }

  std::optional<GuestFeatures> features_of(const NodeSections& nodes, const NicRef& nic, const std::string& when) {
    const NicIntent* wanted = find_nic(intent_, nic);
    const std::string* text = wanted == nullptr ? nullptr : section(nodes, nic.node, "ethtool -k " + wanted->device);
    if (text != nullptr)
      if (auto features = features_in(*text)) return features;
    if (!when.empty()) missing(fmt::format("offloads of {} {} the transfer", to_string(nic), when));
    return std::nullopt;
  }

  void value(const NodeSections& nodes, const std::string& node, const std::string& name, const std::string& wanted,
             const std::string& when) {
    const std::string* text = section(nodes, node, name);
    if (text == nullptr || trimmed(*text).empty())
      missing(fmt::format("{} of {} {} the transfer", name, node, when));
    else if (trimmed(*text) != wanted)
      differ(node, name, wanted, trimmed(*text), when);
  }

  // A file may hold nothing, and that may be what is wanted.
  void file_value(const NodeSections& nodes, const WantedValue& wanted, const std::string& when) {
    const std::string* text = section(nodes, wanted.node, wanted.file.name);
    if (text == nullptr)
      missing(fmt::format("{} of {} {} the transfer", wanted.file.name, wanted.node, when));
    else if (single_spaced(*text) != wanted.value)
      differ(wanted.node, wanted.file.name, wanted.value, single_spaced(*text), when);
  }

  bool already(const NicRef& nic, const std::string& feature) const {
    return std::any_of(result_.differences.begin(), result_.differences.end(), [&](const StateDifference& known) {
      return known.where == SettingPlace(nic) && known.what == short_feature(feature);
    });
  }

  bool asked_for(const NicRef& nic, const std::string& feature) const {
    return std::any_of(intent_.features.begin(), intent_.features.end(),
                       [&](const WantedFeature& wanted) { return wanted.nic == nic && wanted.feature == feature; });
  }

  void missing(const std::string& what) {
    if (std::find(result_.missing.begin(), result_.missing.end(), what) == result_.missing.end())
      result_.missing.push_back(what);
  }

  void differ(const SettingPlace& where, const std::string& what, const std::string& wanted, const std::string& is,
              const std::string& when, bool injected = false) {
    result_.differences.push_back(
        {.where = where, .what = what, .wanted = wanted, .seen = is, .when = when, .injected = injected});
  }

  const LegIntent& intent_;
  const LegObservation& seen_;
  SettingsCheck result_;
};

}  // namespace

SettingsCheck check_settings(const LegIntent& intent, const Hop& hop, const LegObservation& seen,
                             const NodeSections& before, const NodeSections& after) {
  Check check(intent, seen);
  if (intent.observable.guest_counters) {
    check.guests(before, "before");
    check.guests(after, "after");
    check.guest_changes(before, after);
  }
  if (intent.observable.tap_states) {
    check.forced_taps(seen.before, "before");
    check.stages(seen.before, "before");
    check.samples();
    check.forced_taps(seen.after, "after");
    check.stages(seen.after, "after");
    check.tap_changes();
  } else if (!intent.taps.empty()) {  // of existing machines none is ours
    check.cannot_see("the offloads of taps");
  }
  check.side_effects(before);
  check.ingress_lro(hop, before);
  return check.take();
}

}  // namespace offlab
