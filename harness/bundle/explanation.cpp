#include "bundle/explanation.h"

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
  const LegMeasurements none;
  const LegMeasurements& control = one.control ? *one.control : none;
  const auto row = [](const char* name, const std::string& in_case, const std::string& in_control) {
    return fmt::format("| {} | {} | {} |\n", name, in_case, in_control);
  };
  std::string text = "| | case | control |\n|---|--:|--:|\n";
  text += row("goodput", rate(one.measured->goodput_bps), rate(control.goodput_bps));
  text += row("into the router on its uplink", rate(one.measured->uplink_bps), rate(control.uplink_bps));
  text += row("packets refused by the router (FragFails)", count(one.measured->frag_fails), count(control.frag_fails));
  text += row("ICMP fragmentation needed, sent by the router", count(one.measured->frag_needed_router),
              count(control.frag_needed_router));
  text += row("ICMP fragmentation needed, received by the sender", count(one.measured->frag_needed_sender),
              count(control.frag_needed_sender));
  text +=
      row("segments retransmitted", count(one.measured->retransmitted_segments), count(control.retransmitted_segments));
  return text +
         "\nThe control is the same lab with LRO off in the guest and on the hypervisor, measured just before.\n";
}

std::string evidence(const CaseResult& one) {
  std::string text;
  for (const Finding& finding : one.findings) {
    if (finding.outcome != Outcome::fail || finding.warning) continue;
    text += clean_format("- **{}**: {}\n", to_string(finding.invariant), finding.text);
  }
  std::string frames;
  std::size_t shown = 0;
  for (const Finding& finding : one.findings)
    for (const EvidenceFrame& frame : finding.frames)
      if (finding.outcome == Outcome::fail && shown++ < most_frames)
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
  return text.empty() ? "The case sets nothing.\n" : text;
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
  for (const std::string& capture : facts.captures) text += clean_format("- `{}`\n", capture);
  for (const std::string& note : facts.capture_notes) text += clean_format("  - {}\n", note);
  text +=
      "- `counters/`: what the guests printed before and after each transfer\n"
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
