// Captures that were made elsewhere, from file to answer.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "measure/capture_survey.h"
#include "measure/clock_difference.h"
#include "verdict/judge_captures.h"

namespace offlab {

// Counters of a machine before and after the traffic, as texts (cat /proc/net/snmp /proc/net/snmp6).
struct CounterFiles {
  std::filesystem::path before;
  std::filesystem::path after;
};

struct ForeignEvidence {
  std::vector<std::filesystem::path> first;        // one file, or several that follow each other; "-": standard input
  std::vector<std::filesystem::path> second = {};  // of the router's other side; empty: there is none
  std::map<std::string, CounterFiles> counters = {};  // of "router", "sender", "receiver"
  FlowChoice choice = {};
  bool sides_are_known = false;  // the first is the one before the router; otherwise the packets' TTL tells
};

// What was made of one capture.
struct CaptureOverview {
  std::string name;
  double begin_seconds = 0;  // since the epoch
  double seconds = 0;
  std::uint64_t frames = 0;
  std::uint32_t snap_length = 0;  // 0: no frame was cut
  std::uint64_t tcp_cut_off = 0;  // frames of TCP whose header was cut off
  unsigned copies = 1;            // of each frame; more than one where a mirror port or a bridge copies
  std::string inside;  // the headers around the judged packets: "VXLAN (VNI 42) over IPv4"; empty for plain IP
  JudgedShare judged;
  std::uint64_t payload_bytes = 0;  // of all TCP
};

struct JudgedCaptures {
  bool has_flow = true;  // there is TCP that can be judged; otherwise only captures and refusals tell something
  FlowKey flow;          // one of the judged connections, the one that was refused most or has most data
  JudgedFlow judged;
  std::string ingress;  // names
  std::optional<std::string> egress;
  bool both_in_one = false;               // both sides of the router are in one capture
  std::string sides;                      // how they were told apart
  bool order_is_known = true;             // which of two captures is the one before the router
  std::vector<CaptureOverview> captures;  // in the order before, behind
  ClockDifference clock;
  std::vector<SurveyedRefusals> refusals;  // all in the capture before the router, of whatever flow
  LegIntent intent;
  LegMeasurements measured;
  CaptureSigns signs;
  CaptureVerdict verdict;
  std::string cut_off;  // why a file was read only in part; empty when none was
};

// The order of the two captures does not matter when the packets' TTL tells it. Throws Error when there is no TCP data
// in them, or when a file is no capture, has no counters, or has nothing of the other one's transfer.
JudgedCaptures analyze_captures(const ForeignEvidence& evidence, const AssumedRouter& router);

struct FlowList {
  std::vector<SurveyedFlow> flows;
  std::uint64_t others = 0;                  // flows that are not listed
  std::uint64_t payload_bytes = 0;           // of all
  std::map<FlowKey, std::uint64_t> refused;  // errors by the listed flow
};
// The flows of a capture, those with most data first; at most `most`.
FlowList list_flows(const std::vector<std::filesystem::path>& files, std::size_t most);

}  // namespace offlab
