#include "measure/iperf3.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <fmt/core.h>

#include "base/error.h"
#include "base/parse_json.h"
#include "measure/report_number.h"

namespace offlab {
namespace {

// A signal that comes while iperf3 prints its report makes it break off and print it again from the start (seen with
// 3.12): "...\"omitted{\n\t\"start\":...".
std::string_view last_report(std::string_view text) {
  const std::size_t begin = text.rfind("{\n\t\"start\":");
  return begin == std::string_view::npos ? text : text.substr(begin);
}

constexpr std::size_t longest_failure = 300;  // it comes from a guest

// What the client says after SIGINT or SIGTERM, and then the server.
constexpr std::array interrupted = {"interrupt - the client has terminated", "the client has terminated"};

bool is_interrupted(const std::string& failure) {
  return std::find(interrupted.begin(), interrupted.end(), failure) != interrupted.end();
}

// A server whose client has terminated may report an error of the closed socket behind that (seen with 3.12); of two
// members with one name the parser keeps the last.
std::string failure_in(std::string_view text, const nlohmann::json& document) {
  if (!document.contains("error")) return {};
  for (const std::string_view phrase : interrupted)
    if (text.find(fmt::format("\"error\":\t\"{}\"", phrase)) != std::string_view::npos) return std::string(phrase);
  return document.at("error").get<std::string>();
}

// TCP has no datagrams, and UDP no retransmissions.
std::uint64_t count_or_none(const nlohmann::json& sum, const char* key) {
  return sum.contains(key) ? count_in(sum, key) : 0;
}

}  // namespace

Iperf3Result parse_iperf3(const std::string& json_text, double warmup_seconds) {
  Iperf3Result result;
  try {
    const std::string_view report = last_report(json_text);
    const auto document = parse_json(report, "its report");
    result.failure = failure_in(report, document);
    for (const auto& one : document.at("intervals")) {
      if (is_interrupted(result.failure) && !one.contains("sum")) break;  // the signal came while it was made
      const auto& sum = one.at("sum");
      IntervalGoodput interval;
      interval.start_seconds = sum.at("start");
      interval.seconds = sum.at("seconds");
      interval.bits_per_second = sum.at("bits_per_second");
      interval.warmup = interval.start_seconds < warmup_seconds - 0.05;
      result.intervals.push_back(interval);
    }
    if (result.failure.empty() && result.intervals.empty()) result.failure = "iperf3 reported no interval";
  } catch (const std::exception& error) {
    result.failure = fmt::format("iperf3 printed no report: {}", error.what());
  }
  result.failure = result.failure.substr(0, longest_failure);
  return result;
}

Iperf3Result read_iperf3(const LegIntent& intent, const TransferOutput& transfer) {
  const bool broken = transfer.end == TransferEnd::storm || transfer.end == TransferEnd::stalled;
  Iperf3Result result = parse_iperf3(transfer.client_json, broken ? 0 : intent.warmup_seconds);
  // The last interval is what was left when the signal came; with it alone there is nothing to go by.
  if (transfer.end == TransferEnd::full_time || !is_interrupted(result.failure) || result.intervals.size() < 2)
    return result;
  result.failure.clear();
  result.intervals.pop_back();
  result.ended_early = true;
  return result;
}

Iperf3Totals read_iperf3_totals(const std::string& text) {
  const std::string_view report = last_report(text);
  try {
    const auto document = parse_json(report, "its report");
    const std::string failure = failure_in(report, document);
    if (!failure.empty() && !is_interrupted(failure)) throw Error(failure.substr(0, longest_failure));
    const auto& sent = document.at("end").at("sum_sent");
    const auto& received = document.at("end").at("sum_received");
    const double seconds = sent.at("seconds").get<double>();
    if (!std::isfinite(seconds) || seconds <= 0) throw Error("its report is damaged");
    return {.seconds = seconds,
            .sent_bytes = count_in(sent, "bytes"),
            .retransmits = count_or_none(sent, "retransmits"),
            .received_bytes = count_in(received, "bytes"),
            .datagrams = count_or_none(received, "packets"),
            .lost_datagrams = count_or_none(received, "lost_packets"),
            .was_ended = !failure.empty()};
  } catch (const nlohmann::json::exception&) {
    throw Error("its report is damaged");
  }
}

std::optional<double> goodput_of(const std::vector<IntervalGoodput>& intervals) {
  double seconds = 0;
  double bits = 0;
  for (const IntervalGoodput& interval : intervals) {
    if (interval.warmup) continue;
    seconds += interval.seconds;
    bits += interval.bits_per_second * interval.seconds;
  }
  if (seconds <= 0) return std::nullopt;
  return bits / seconds;
}

}  // namespace offlab
