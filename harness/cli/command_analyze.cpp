#include <iostream>
#include <regex>

#include <fmt/format.h>

#include "base/clean_format.h"
#include "base/error.h"
#include "base/units.h"
#include "base/usage_error.h"
#include "cli/commands.h"
#include "record/analysis_json.h"
#include "report/analysis.h"
#include "runner/analyze_captures.h"
#include "runner/capture_answer.h"

namespace offlab {
namespace {

AssumedRouter router_of(const AnalyzeOptions& options) {
  AssumedRouter router;
  if (!options.lro.empty()) router.lro = options.lro == "on";
  if (options.ingress_mtu != 0) router.ingress_mtu = options.ingress_mtu;
  if (options.egress_mtu != 0) router.egress_mtu = options.egress_mtu;
  return router;
}

// "198.18.2.2.5201 > 198.18.1.2.41234"
FlowKey parse_flow(const std::string& text) {
  static const std::regex form(R"(\s*([0-9a-fA-F.:]+)\.(\d{1,5})\s*>\s*([0-9a-fA-F.:]+)\.(\d{1,5})\s*)");
  std::smatch parts;
  const auto port = [](const std::string& digits) { return std::stoul(digits); };
  if (std::regex_match(text, parts, form)) {
    const auto source = parse_address(parts[1].str());
    const auto destination = parse_address(parts[3].str());
    if (source && destination && port(parts[2]) <= UINT16_MAX && port(parts[4]) <= UINT16_MAX)
      return {*source, *destination, static_cast<std::uint16_t>(port(parts[2])),
              static_cast<std::uint16_t>(port(parts[4]))};
  }
  throw Error(fmt::format("'{}' is no flow", text),
              "write it as tcpdump does: --flow '198.18.2.2.5201 > 198.18.1.2.41234'; --flows lists them");
}

std::vector<std::filesystem::path> paths_of(const std::vector<std::string>& files) {
  return {files.begin(), files.end()};
}

ForeignEvidence evidence_of(const AnalyzeOptions& options) {
  ForeignEvidence evidence;
  if (options.files.empty() && options.before.empty())
    throw Error("no capture is given", "offlab analyze BEFORE.pcap [BEHIND.pcap]");
  if (options.files.empty()) {
    evidence.first = paths_of(options.before);
    evidence.second = paths_of(options.behind);
    evidence.sides_are_known = true;
  } else {
    evidence.first = {options.files.front()};
    if (options.files.size() > 1) evidence.second = {options.files[1]};
  }
  if (!options.flow.empty()) evidence.choice.flow = parse_flow(options.flow);
  if (options.port != 0) evidence.choice.port = static_cast<std::uint16_t>(options.port);
  const auto add = [&](const char* node, const std::vector<std::string>& files) {
    if (files.size() == 2) evidence.counters[node] = {files[0], files[1]};
  };
  add("router", options.router_counters);
  add("sender", options.sender_counters);
  add("receiver", options.receiver_counters);
  return evidence;
}

int print_flows(const ForeignEvidence& evidence) {
  constexpr std::size_t most = 50;
  const FlowList list = as_usage([&] { return list_flows(evidence.first, most); });
  std::string text =
      fmt::format("{:>10} {:>6} {:>9} {:>10} {:>8}  {}\n", "data", "share", "frames", "retrans", "errors", "flow");
  for (const SurveyedFlow& one : list.flows) {
    const auto refused = list.refused.find(one.flow);
    text +=
        clean_format("{:>10} {:>5.1f}% {:>9} {:>10} {:>8}  {}\n", to_string(ByteCount{one.payload_bytes}),
                     100.0 * static_cast<double>(one.payload_bytes) / static_cast<double>(list.payload_bytes),
                     one.frames, one.again, refused == list.refused.end() ? 0 : refused->second, words_of(one.flow));
  }
  if (list.others > 0) text += fmt::format("and {} more\n", list.others);
  std::cout << text;
  return 0;
}

}  // namespace

int analyze_command(const AnalyzeOptions& options) {
  const AssumedRouter router = router_of(options);
  const ForeignEvidence evidence = as_usage([&] { return evidence_of(options); });
  if (options.flows) return print_flows(evidence);
  const JudgedCaptures judged = as_usage([&] { return analyze_captures(evidence, router); });
  const CaptureAnswer answer = answer_of(judged, router);
  std::cout << (options.json       ? json_answer(answer)
                : options.markdown ? markdown_answer(answer)
                                   : console_answer(answer));
  return exit_code(answer.outcome);
}

}  // namespace offlab
