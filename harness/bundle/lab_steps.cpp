#include "bundle/lab_steps.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include <fmt/format.h>

#include "base/error.h"
#include "base/shell_words.h"
#include "bundle/recorded_case.h"
#include "plan/management.h"
#include "setting/end_commands.h"

namespace offlab {
namespace {

constexpr const char* end_of_script = "END_OF_GUEST_SCRIPT";

template <typename... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <typename... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

// Each command must succeed, and the next one begins where it ended.
std::string guest_script(const std::string& node, const std::vector<std::string>& commands) {
  if (commands.empty()) return "";
  std::string text = fmt::format("  in_guest {} << '{}'\nset -e\n", shell_quoted(node), end_of_script);
  for (const std::string& command : commands) text += command + "\n";
  return text + end_of_script + "\n";
}

// QEMU's name of the device, and the options by which libvirt's <driver> is told.
std::string qemu_device(NicModel model) {
  switch (model) {
    case NicModel::virtio:
      return "virtio-net-pci";
    case NicModel::vmxnet3:
    case NicModel::e1000:
    case NicModel::e1000e:
    case NicModel::rtl8139:
      return std::string(to_string(model));
  }
  return std::string(to_string(model));
}

// QEMU's property of an offload that libvirt calls so. Source: qemu-system-x86_64 -device virtio-net-pci,help.
std::string property_of(const std::string& side, const std::string& offload) {
  if (offload == "mrg_rxbuf") return offload;
  return fmt::format("{}_{}", side, offload);
}

std::string nic_words(const NicPlan& nic) {
  std::string device = fmt::format("{},netdev={},mac={}", qemu_device(nic.model), nic.tap, nic.mac);
  for (const auto& [name, on] : nic.host_offloads)
    device += fmt::format(",{}={}", property_of("host", name), on ? "on" : "off");
  for (const auto& [name, on] : nic.guest_offloads)
    device += fmt::format(",{}={}", property_of("guest", name), on ? "on" : "off");
  if (nic.queues > 1) device += fmt::format(",mq=on,vectors={}", 2 * nic.queues + 2);
  if (nic.slot) device += fmt::format(",addr={:#x}", *nic.slot);
  const std::string queues = nic.queues > 1 ? fmt::format(",queues={}", nic.queues) : "";
  return fmt::format(" \\\n    -netdev tap,id={0},ifname={0},script=no,downscript=no,vnet_hdr=on{1} -device {2}",
                     nic.tap, queues, device);
}

std::string management_tap(const LabPlan& lab, const NodePlan& node) {
  return fmt::format("mgmt-{}", &node - lab.nodes.data());
}

// A lone processor gets a second one that is never there: QEMU's translator leaves memory barriers out of a machine
// that can have one only (until QEMU 8.1), and a virtio queue then stands still now and then.
std::string qemu_command(const LabPlan& lab, const NodePlan& node) {
  const std::string image = fmt::format("\"$out\"/image/{}", image_folder(node));
  std::string text = fmt::format(
      "  qemu-system-x86_64 -name {0} -machine pc -accel \"$accel\" -cpu max -smp {1},maxcpus={2} -m {3} \\\n"
      "    -nodefaults -display none -no-reboot -serial file:\"$out\"/{0}.log \\\n"
      "    -kernel {4}/vmlinux -initrd {4}/initrd -append 'console=ttyS0 quiet panic=-1' \\\n"
      "    -fw_cfg name=opt/org.offlab/authorized_keys,file=\"$work\"/key.pub \\\n"
      "    -fw_cfg name=opt/org.offlab/host_key,file=\"$work\"/host_key",
      node.name, node.vcpus, std::max(2U, node.vcpus), node.memory_mib, image);
  NicPlan management;
  management.tap = management_tap(lab, node);
  management.mac = node.management_mac;
  text += nic_words(management);
  for (const NicPlan& nic : node.nics) text += nic_words(nic);
  return text + " &\n";
}

std::string networks(const LabPlan& lab) {
  std::string text = "lab_networks() {\n";
  for (const BridgePlan& bridge : lab.bridges) text += fmt::format("  bridge {} {}\n", bridge.name, bridge.mtu.bytes);
  for (const StagePlan& stage : lab.stages) {
    const auto bridge = std::find_if(lab.bridges.begin(), lab.bridges.end(),
                                     [&](const BridgePlan& one) { return one.name == stage.router_bridge; });
    text += fmt::format("  stage {} {} {} {} {}\n", stage.wire_bridge, stage.wire_port, stage.router_port,
                        stage.router_bridge, bridge == lab.bridges.end() ? 1500 : bridge->mtu.bytes);
  }
  for (const NodePlan& node : lab.nodes) {
    text += fmt::format("  tap {} mgmt 1500\n", management_tap(lab, node));
    for (const NicPlan& nic : node.nics) {
      const auto bridge = std::find_if(lab.bridges.begin(), lab.bridges.end(),
                                       [&](const BridgePlan& one) { return one.name == nic.bridge; });
      text += fmt::format("  tap {} {} {}{}\n", nic.tap, nic.bridge,
                          bridge == lab.bridges.end() ? 1500 : bridge->mtu.bytes, nic.queues > 1 ? " multi" : "");
    }
  }
  return text + "}\n\n";
}

std::string guests(const LabPlan& lab) {
  std::string text = "lab_guests() {\n";
  for (const NodePlan& node : lab.nodes) {
    text += fmt::format("  guest {} {}\n", node.name, link_local_address(node.management_mac));
    text += qemu_command(lab, node);
  }
  return text + "}\n\n";
}

const NodePlan& node_of(const LabPlan& lab, const std::string& name) {
  for (const NodePlan& node : lab.nodes)
    if (node.name == name) return node;
  throw Error(fmt::format("plan.json: there is no node '{}'", name));
}

std::string names_of_nodes(const LabPlan& lab) {
  std::string names;
  for (const NodePlan& node : lab.nodes) names += " " + node.name;
  return names;
}

unsigned offload_word(LroFamilies families) {
  constexpr unsigned checksum = 1;
  constexpr unsigned tso4 = 2;
  constexpr unsigned tso6 = 4;
  return checksum | (families != LroFamilies::ipv6 ? tso4 : 0U) | (families != LroFamilies::ipv4 ? tso6 : 0U);
}

// A leg's steps in shell.
class LegWriter {
 public:
  explicit LegWriter(const LabPlan& lab) : lab_(lab) {}

  std::string text(const char* name, const LegPlan& leg) {
    text_ = fmt::format("leg_{0}() {{\n  begin_leg {0}\n", name);
    for (const Step& step : leg.steps) std::visit(*this, step);
    return text_ + "  end_leg\n}\n\n";
  }

  void operator()(const step::RunCommands& step) { text_ += guest_script(step.node, step.commands); }

  void operator()(const step::ApplySettings& step) {
    for (const step::NodeSettings& settings : step.nodes) {
      std::vector<std::string> commands = settings.commands;
      for (const step::SetValue& value : settings.values)
        if (value.value)
          commands.push_back(fmt::format("echo {} > {}", shell_quoted(*value.value), shell_quoted(value.file.path)));
      for (const auto& [device, features] : settings.features)
        for (const auto& [feature, on] : features)
          if (on) commands.push_back(fmt::format("ethtool -K {} {} {}", device, feature, *on ? "on" : "off"));
      text_ += guest_script(settings.node, commands);
    }
  }

  void operator()(const step::CheckPath& step) {
    text_ += guest_script(step.node,
                          {in_end(step.node, fmt::format("ping -c 3 -W 5 {} > /dev/null", to_string(step.target)))});
  }

  void operator()(const step::SetMerging& step) {
    const char* mode = step.mode == StageMode::pass ? "pass" : step.mode == StageMode::split ? "split" : "merge";
    text_ += fmt::format("  set_stage {} {} {}\n", step.wire_port, step.router_port, mode);
  }

  void operator()(const step::ForceTap& step) {
    text_ += fmt::format("  force_tap {} {:#x}\n", step.tap, offload_word(step.families));
    forced_ += " " + step.tap;
  }

  void operator()(const step::ReleaseTaps&) {
    if (!forced_.empty()) text_ += fmt::format("  show_taps{}\n", forced_);
    forced_.clear();
  }

  void operator()(const step::StartCapture& step) {
    for (const step::CaptureTarget& target : step.targets)
      text_ += fmt::format("  capture {} {}\n", target.point.id, target.interface);
    text_ += "  sleep 1\n";
  }
  void operator()(const step::StopCapture&) {}

  void operator()(const step::TakeSnapshot& step) {
    if (step.guests) text_ += fmt::format("  counters {}{}\n", step.moment, names_of_nodes(lab_));
  }

  void operator()(const step::Transfer& step) {
    const std::string initiator = step.sender_connects ? step.sender : step.receiver;
    const std::string listener = step.sender_connects ? step.receiver : step.sender;
    if (step.sender_connects || step.starts_listener)
      text_ += guest_script(
          listener, {in_end(listener, fmt::format("iperf3 --server --one-off --daemon --port {}", step.listening_port)),
                     "sleep 1"});
    const int seconds = static_cast<int>(std::ceil(step.warmup_seconds + step.duration_seconds));
    const std::string client = fmt::format(
        "timeout {} iperf3 --client {} --port {}{} --connect-timeout 5000 --parallel {} --time {} --interval 0.5{} "
        "--json",
        seconds + 30, to_string(step.address), step.port, step.sender_connects ? "" : " --reverse", step.streams,
        seconds, step.rate ? fmt::format(" --bitrate {:.0f}", step.rate->bits_per_second / step.streams) : "");
    text_ += fmt::format("  in_guest {} > \"$leg/iperf3.json\" << '{}' || true\n{}\n{}\n", shell_quoted(initiator),
                         end_of_script, in_end(initiator, client), end_of_script);
  }

  void operator()(const step::StartBackground& load) {
    // Programs of offlab's own say when they are ready; iperf3 does not.
    const auto start = [&](const char* name, const std::string& node, const std::string& ready,
                           const std::string& command) {
      text_ += fmt::format("  start_load {} {} {:.0f} {} {}\n", name, shell_quoted(node), load.seconds, ready,
                           shell_quoted(in_end(node, "exec " + command)));
    };
    const std::string listening = load.is_iperf3 ? fmt::format("listens:{}", load.listening_port) : "listening";
    const std::string connected = load.is_iperf3 ? fmt::format("connects:{}", load.port) : "connected";
    if (load.sender_connects) {
      start("listener", load.receiver, listening, load.receive);
      start("initiator", load.sender, connected, load.send);
    } else {
      start("listener", load.sender, listening, load.send);
      start("initiator", load.receiver, connected, load.receive);
    }
  }
  void operator()(const step::StopBackground&) { text_ += "  end_load\n"; }

  // Only offlab's own programs can carry these out; what the transfer shows does not need them.
  void operator()(const step::CheckStream&) {}
  void operator()(const step::JoinEnds&) {}
  void operator()(const step::PartEnds&) {}

 private:
  std::string in_end(const std::string& node, const std::string& command) const {
    return in_namespace(node_of(lab_, node).netns, command);
  }

  const LabPlan& lab_;
  std::string text_;
  std::string forced_;
};

}  // namespace

std::string trouble_with_steps(const LabPlan& lab) {
  for (const NodePlan& node : lab.nodes) {
    if (node.existing) return fmt::format("'{}' is a machine that exists already, not a guest", node.name);
    if (node.disk) return fmt::format("'{}' boots a disk of yours, which a bundle does not contain", node.name);
  }
  return "";
}

bool needs_background_program(const CasePlan& one) {
  const auto needs_it = [](const Step& step) {
    const auto* load = std::get_if<step::StartBackground>(&step);
    return load != nullptr && !load->is_iperf3;
  };
  return std::any_of(one.legs.begin(), one.legs.end(),
                     [&](const LegPlan& leg) { return std::any_of(leg.steps.begin(), leg.steps.end(), needs_it); });
}

std::string image_folder(const NodePlan& node) {
  constexpr std::string_view recipe = ".toml";
  std::string name = image_key(node).substr(image_key(node).rfind('/') + 1);
  if (const auto at = name.find(recipe); at != std::string::npos) name.erase(at, recipe.size());
  std::string folder;
  for (const char c : name)
    folder += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' ? c : '_';
  return folder;
}

std::string lab_steps(const LabPlan& lab, const CasePlan& one, unsigned round) {
  std::string text =
      "# The lab and the case, for ../reproduce.sh, which defines the words. Made by offlab; the QEMU command lines "
      "are\n"
      "# plain.\n\n";
  text += networks(lab) + guests(lab) + "lab_configure() {\n";
  for (const Step& step : lab.configuration)
    if (const auto* commands = std::get_if<step::RunCommands>(&step))
      text += guest_script(commands->node, commands->commands);
  text += "  :\n}\n\n";
  LegWriter writer(lab);
  text += writer.text("control", leg_of(one, LegRole::control, round));
  return text + writer.text("case", leg_of(one, LegRole::measured, round));
}

}  // namespace offlab
