#include "measure/background.h"

#include <cmath>

#include <fmt/core.h>

#include "base/error.h"
#include "base/parse_json.h"
#include "measure/iperf3.h"
#include "measure/report_number.h"

namespace offlab {
namespace {

// The program prints one object, on the last line.
std::string report_of(const std::string& text) {
  const std::size_t begin = text.rfind("\n{");
  return begin == std::string::npos ? text : text.substr(begin + 1);
}

BackgroundMeasurement measured_in(const nlohmann::json& report) {
  BackgroundMeasurement measured{.connections = count_in(report, "connections"),
                                 .seconds = report.at("seconds").get<double>(),
                                 .written_bytes = count_in(report, "written_bytes"),
                                 .sent_bytes = count_in(report, "sent_bytes"),
                                 .acknowledged_bytes = count_in(report, "acknowledged_bytes"),
                                 .errors = count_in(report, "errors"),
                                 .timeouts = count_in(report, "timeouts")};
  if (!std::isfinite(measured.seconds) || measured.seconds < 0) throw Error("its report is damaged");
  return measured;
}

BackgroundMeasurement measured_by_bsd(const BackgroundOutput& output) {
  const nlohmann::json report = parse_json(report_of(output.sender), "the report of the background load");
  BackgroundMeasurement measured = measured_in(report);
  if (report.at("end") != "input")
    throw Error(fmt::format("it ended by itself ({})", report.at("end").get<std::string>()));
  return measured;
}

BackgroundMeasurement measured_by_iperf3(const Flow& flow, const BackgroundOutput& output) {
  const Background& asked = flow.background;
  const Iperf3Totals sender = read_iperf3_totals(output.sender);
  const Iperf3Totals receiver = read_iperf3_totals(output.receiver);
  if (!sender.was_ended || !receiver.was_ended) throw Error("it ended by itself");
  // A server that is ended has the time of its last interval, or none that makes sense.
  const Iperf3Totals& client = flow.sender_connects != asked.opposite ? sender : receiver;
  return {.connections = streams_of(asked),
          .seconds = client.seconds,
          .written_bytes = sender.sent_bytes,
          .sent_bytes = sender.sent_bytes,
          .acknowledged_bytes = receiver.received_bytes,
          .sender = asked.sender,
          .opposite = asked.opposite,
          .retransmits = sender.retransmits,
          .datagrams = receiver.datagrams,
          .lost_datagrams = receiver.lost_datagrams};
}

}  // namespace

std::optional<BackgroundMeasurement> measure_background(const Flow& flow, const BackgroundOutput& output,
                                                        std::string& missing) {
  try {
    if (!output.trouble.empty()) throw Error(output.trouble);
    return flow.background.sender == BackgroundSender::bsd ? measured_by_bsd(output) : measured_by_iperf3(flow, output);
  } catch (const nlohmann::json::exception&) {
    missing = "the background load: its report is damaged";
  } catch (const Error& error) {
    missing = fmt::format("the background load: {}", error.what());
  }
  return std::nullopt;
}

}  // namespace offlab
