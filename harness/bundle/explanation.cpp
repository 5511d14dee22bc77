#include "bundle/explanation.h"

#include <algorithm>
#include <map>
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
  row("rate into the router", [](const Leg& leg) { return rate(leg.uplink_bps); });
  row("packets refused by the router (FragFails)", [](const Leg& leg) { return count(leg.frag_fails); });
  row("fragmentation needed (IPv6: packet too big), sent by the router",
      [](const Leg& leg) { return count(leg.frag_needed_router); });
  row("fragmentation needed (IPv6: packet too big), received by the sender",
      [](const Leg& leg) { return count(leg.frag_needed_sender); });
  row("fragmentation needed (IPv6: packet too big), in the captures",
      [](const Leg& leg) { return count(leg.capture ? Count(leg.capture->frag_needed) : Count()); });
  row("segments retransmitted", [](const Leg& leg) { return count(leg.retransmitted_segments); });
  if (compared)
    text +=
        "\nThe control is the same lab with LRO off in the guest and on the hypervisor, measured just before. Goodput "
        "is without the warm-up, unless the transfer was ended early; the rate into the router always is.\n";
  return text;
}

std::string evidence(const BundleFacts& facts) {
  std::string text;
  if (facts.figures_of_part)
    text += "These figures are of the captures in this bundle, which are the first part of all:\n\n";
  for (const Finding& finding : facts.result.findings) {
    if (finding.outcome != Outcome::fail || finding.warning) continue;
    text += clean_format("- **{}**: {}\n", to_string(finding.invariant), finding.text);
  }
  std::map<std::pair<std::string, std::uint64_t>, const EvidenceFrame*>
      frames;  // one may be evidence of several findings
  for (const Finding& finding : facts.answer.findings)
    for (const EvidenceFrame& frame : finding.frames)
      if (finding.outcome == Outcome::fail && frames.size() < most_frames)
        frames.emplace(std::pair(frame.point, frame.number), &frame);
  if (frames.empty()) return text;
  text += "\n```\n";
  for (const auto& [key, frame] : frames)
    text += clean_format("{:.6f} s  {} #{}  {}\n", frame->seconds, frame->point, frame->number, frame->text);
  return text +
         "```\n\nSeconds since the first frame of that capture. In Wireshark: frame.comment contains \"offlab:\"\n";
}

std::string settings_text(const BundleFacts& facts) {
  std::string text;
  for (const auto& [key, value] : facts.result.axes) text += clean_format("- `{} = {}`\n", key, value);
  for (const SettingReading& one : facts.settings)
    if (one.in_case != one.in_control)
      text += clean_format("- `{}`: {} is {} (control: {})\n", one.where, one.what,
                           one.in_case.empty() ? "-" : one.in_case, one.in_control.empty() ? "-" : one.in_control);
  if (!text.empty()) return text;
  if (facts.of_captures) return "Not known: captures do not show them.\n";
  return facts.anonymised ? "Left out: settings name machines.\n" : "The case sets nothing.\n";
}

std::string reproduction(const BundleFacts& facts) {
  std::string text = "## See it again\n\n";
  if (!facts.why_no_lab.empty())
    return text + clean_format("This bundle has no lab: {}. The captures are the evidence.\n\n", facts.why_no_lab);
  if (facts.imitates)
    text +=
        "The machines of the captures are not in this bundle. `topology.toml` is a lab of three virtual machines that "
        "imitates them. MTUs and address family are those of the captures; NIC models and LRO are ones with which this "
        "fault shows; the traffic is iperf3's.\n\n";
  text += fmt::format("With offlab: `offlab replay .` in this folder. It compares {} of `expected.json`.\n\n",
                      facts.imitates ? "the class with that" : "class and counters with those");
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
  if (facts.why_no_lab.empty() && facts.why_no_script.empty()) {
    text +=
        "- `reproduce.sh`, `lab/`: the same for plain QEMU\n"
        "- `image/*/`: what the guest image is made of, with the versions that were used\n";
    if (facts.with_source)
      text +=
          "- `image/*/source/`: the program that sends the background load, a part of offlab (Apache License 2.0); "
          "`build.sh` compiles it with g++\n";
  }
  for (const BundledCapture& one : facts.captures) text += clean_format("- `{}`: {}\n", one.path, one.note);
  if (!facts.of_captures)
    text +=
        "- `counters/`: what the guests printed before and after each transfer\n"
        "- `environment.json`: versions of the host and of the guest image\n";
  text += "- `SHA256SUMS`: check with `sha256sum --check SHA256SUMS`\n\n";
  if (facts.captures.size() == 2)
    text += clean_format("`{}` was captured before the router, seen from the sender of the data, `{}` behind it.\n\n",
                         facts.captures[0].path, facts.captures[1].path);
  if (facts.anonymised)
    text +=
        "Addresses and names were replaced. Two addresses that share a prefix of n bits still do. Loopback, multicast "
        "and benchmark addresses (198.18.0.0/15, 2001:2::/48) are kept. Payload was removed. The owner of the bundle "
        "has the mapping.\n\n";
  return text;
}

std::vector<ClassDiagnosis> diagnoses(const BundleFacts& facts) {
  if (facts.of_captures) return facts.answer.diagnoses;
  if (!facts.result.diagnosis) return {};
  return {{facts.result.fault_class.value_or(FaultClass::unknown), *facts.result.diagnosis}};
}

std::string title(const BundleFacts& facts) {
  std::vector<std::string_view> classes;
  for (const ClassDiagnosis& one : diagnoses(facts)) classes.push_back(to_string(one.fault_class));
  return classes.empty() ? std::string(to_string(facts.result.forwarding))
                         : fmt::format("{}", fmt::join(classes, " or "));
}

std::string what_happens(const BundleFacts& facts) {
  std::string text = clean_format("{}\n\n", facts.answer.headline);
  const std::vector<ClassDiagnosis> all = diagnoses(facts);
  for (const ClassDiagnosis& one : all) {
    if (all.size() > 1) text += fmt::format("**If it is {}:** ", to_string(one.fault_class));
    text += clean_line(one.diagnosis.what) + "\n\n";
  }
  if (facts.of_captures && all.size() > 1)
    text += clean_format("The captures do not show which one it is. {}\n\n", facts.answer.undecided);
  if (all.size() == 1 && all[0].diagnosis.layer)
    text += clean_format("The layer at fault: **{}**.\n\n", to_string(*all[0].diagnosis.layer));
  return text;
}

std::string surroundings(const BundleFacts& facts) {
  std::string text;
  if (!facts.answer.flow.empty()) text += clean_format("- flow: `{}`\n", facts.answer.flow);
  for (const std::string& machine : facts.machines) text += clean_format("- {}\n", machine);
  for (const auto& [name, value] : facts.host) text += clean_format("- {}: {}\n", name, value);
  return text.empty() ? "" : "## Where\n\n" + text + "\n";
}

std::string fixes(const BundleFacts& facts) {
  std::vector<Remedy> all;
  for (const ClassDiagnosis& one : diagnoses(facts))
    for (const Remedy& remedy : one.diagnosis.remedies)
      if (std::find(all.begin(), all.end(), remedy) == all.end()) all.push_back(remedy);
  std::string text;
  for (const Remedy& remedy : all) text += clean_format("- {}: {}\n", remedy.where, remedy.action);
  return text.empty() ? "" : "## How to fix it\n\n" + text + "\n";
}

}  // namespace

std::string bundle_explanation(const BundleFacts& facts) {
  return clean_format("# {}: {}\n\n", facts.name, title(facts)) + what_happens(facts) + "## What was measured\n\n" +
         numbers(facts.result) + "\n" + evidence(facts) + "\n" + surroundings(facts) + "## With which settings\n\n" +
         settings_text(facts) + "\n" + fixes(facts) + reproduction(facts) + contents(facts) +
         clean_format("Made by offlab {}.\n", program_version());
}

}  // namespace offlab
