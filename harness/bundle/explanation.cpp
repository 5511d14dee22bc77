#include "bundle/explanation.h"

#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/clean_format.h"
#include "base/units.h"
#include "base/version.h"

namespace offlab {
namespace {

constexpr std::size_t most_frames = 12;

std::string rate(const std::optional<double>& bps) {
  return bps ? to_string(BitRate{*bps}) : "-";
}

std::string count(const Count& value) {
  return value ? std::to_string(*value) : "-";
}

std::string numbers(const CaseResult& one) {
  if (!one.measured) return "";
  const bool compared = one.control.has_value();
  std::string text = compared ? "| | case | control |\n|---|--:|--:|\n" : "| | |\n|---|--:|\n";
  const auto row = [&](const char* name, const auto& value_of) {
    const std::string in_case = value_of(*one.measured);
    if (compared)
      text += fmt::format("| {} | {} | {} |\n", name, in_case, value_of(*one.control));
    else if (in_case != "-")
      text += fmt::format("| {} | {} |\n", name, in_case);
  };
  using Leg = LegMeasurements;
  row("goodput", [](const Leg& leg) { return rate(leg.goodput_bps); });
  row("into the router on its uplink", [](const Leg& leg) { return rate(leg.uplink_bps); });
  row("packets refused by the router (FragFails)", [](const Leg& leg) { return count(leg.frag_fails); });
  row("ICMP fragmentation needed, sent by the router", [](const Leg& leg) { return count(leg.frag_needed_router); });
  row("ICMP fragmentation needed, received by the sender",
      [](const Leg& leg) { return count(leg.frag_needed_sender); });
  row("ICMP fragmentation needed, in the captures",
      [](const Leg& leg) { return count(leg.capture ? Count(leg.capture->frag_needed) : Count()); });
  row("segments retransmitted", [](const Leg& leg) { return count(leg.retransmitted_segments); });
  if (compared)
    text += "\nThe control is the same lab with LRO off in the guest and on the hypervisor, measured just before.\n";
  return text;
}

std::string evidence(const CaseResult& one) {
  std::string text;
  for (const Finding& finding : one.findings) {
    if (finding.outcome != Outcome::fail || finding.warning) continue;
    text += clean_format("- **{}**: {}\n", to_string(finding.invariant), finding.text);
  }
  std::string frames;
  std::set<std::pair<std::string, std::uint64_t>> shown;  // of several findings it may be the evidence
  for (const Finding& finding : one.findings)
    for (const EvidenceFrame& frame : finding.frames)
      if (finding.outcome == Outcome::fail && shown.size() < most_frames &&
          shown.emplace(frame.point, frame.number).second)
        frames += clean_format("{:.6f} s  {} #{}  {}\n", frame.seconds, frame.point, frame.number, frame.text);
  if (!frames.empty()) text += "\n```\n" + frames + "```\n";
  return text;
}

std::string settings_text(const BundleFacts& facts) {
  std::string text;
  for (const auto& [key, value] : facts.result.axes) text += clean_format("- `{} = {}`\n", key, value);
  for (const SettingReading& one : facts.settings)
    if (one.in_case != one.in_control)
      text += clean_format("- `{}`: {} is {} (control: {})\n", one.where, one.what,
                           one.in_case.empty() ? "-" : one.in_case, one.in_control.empty() ? "-" : one.in_control);
  if (!text.empty()) return text;
  if (facts.anonymised) return "Left out: settings name machines.\n";
  return facts.has_counters ? "The case sets nothing.\n" : "Not known: captures do not show them.\n";
}

std::string reproduction(const BundleFacts& facts) {
  std::string text = "## See it again\n\n";
  if (!facts.why_no_lab.empty())
    return text + clean_format("This bundle has no lab: {}. The captures are the evidence.\n\n", facts.why_no_lab);
  if (facts.imitates)
    text +=
        "The machines of the captures are not in this bundle. `topology.toml` is a lab of three virtual machines that "
        "imitates them: the MTUs, the address family and the state of LRO are those of the captures, the traffic is "
        "iperf3's.\n\n";
  text +=
      "With offlab: `offlab replay .` in this folder. It compares class and counters with those of "
      "`expected.json`.\n\n";
  if (facts.why_no_script.empty())
    text +=
        "With plain QEMU, as root: `./reproduce.sh`. It builds the guest image from Debian's packages "
        "(`image/*/build.sh`), "
        "starts three virtual machines in a network namespace, runs control and case, and prints the counters of both "
        "beside those of this bundle. `lab/steps.sh` has the QEMU command lines and every command that runs in a "
        "guest.\n\n";
  else
    text += clean_format("There is no script for plain QEMU: {}.\n\n", facts.why_no_script);
  return text;
}

std::string contents(const BundleFacts& facts) {
  std::string text = "## What is here\n\n";
  text += "- `expected.json`: class, goodput and counters that a reproduction should show\n";
  if (facts.why_no_lab.empty()) text += "- `topology.toml`: the lab and the case, for offlab\n";
  if (facts.why_no_lab.empty() && facts.why_no_script.empty())
    text +=
        "- `reproduce.sh`, `lab/`: the same for plain QEMU\n"
        "- `image/*/`: what the guest image is made of, with the versions that were used\n";
  for (const BundledCapture& one : facts.captures) text += clean_format("- `{}`: {}\n", one.path, one.note);
  if (facts.has_counters) text += "- `counters/`: what the guests printed before and after each transfer\n";
  text +=
      "- `environment.json`: versions of the host and of the guest image\n"
      "- `SHA256SUMS`: check with `sha256sum --check SHA256SUMS`\n\n";
  if (facts.anonymised)
    text +=
        "Addresses and names were replaced. Two addresses that share a prefix of n bits still do. Payload was removed. "
        "The "
        "owner of the bundle has the mapping.\n\n";
  return text;
}

}  // namespace

std::string bundle_explanation(const BundleFacts& facts) {
  const CaseResult& one = facts.result;
  const std::string fault(one.fault_class ? to_string(*one.fault_class) : to_string(one.forwarding));
  std::string text = clean_format("# {}: {}\n\n", facts.name, fault);
  if (one.diagnosis) {
    text += clean_line(one.diagnosis->what) + "\n\n";
    if (one.diagnosis->layer) text += clean_format("The layer at fault: **{}**.\n\n", to_string(*one.diagnosis->layer));
  }
  text += "## What was measured\n\n" + numbers(one) + "\n" + evidence(one) + "\n";
  text += "## With which settings\n\n" + settings_text(facts) + "\n";
  if (one.diagnosis && !one.diagnosis->remedies.empty()) {
    text += "## What helps\n\n";
    for (const Remedy& remedy : one.diagnosis->remedies)
      text += clean_format("- {}: {}\n", remedy.where, remedy.action);
    text += "\n";
  }
  text += reproduction(facts) + contents(facts);
  return text + clean_format("Made by offlab {}.\n", program_version());
}

}  // namespace offlab
