#include "measure/background.h"

#include <fmt/core.h>

#include "base/error.h"
#include "base/parse_json.h"

namespace offlab {
namespace {

// The program prints one object, on the last line.
std::string report_of(const std::string& text) {
  const std::size_t begin = text.rfind("\n{");
  return begin == std::string::npos ? text : text.substr(begin + 1);
}

}  // namespace

std::optional<BackgroundMeasurement> measure_background(const BackgroundOutput& output, std::string& missing) {
  if (!output.trouble.empty()) {
    missing = fmt::format("the background load: {}", output.trouble);
    return std::nullopt;
  }
  try {
    const nlohmann::json report = parse_json(report_of(output.sender), "the report of the background load");
    BackgroundMeasurement measured;
    report.at("connections").get_to(measured.connections);
    report.at("seconds").get_to(measured.seconds);
    report.at("written_bytes").get_to(measured.written_bytes);
    report.at("sent_bytes").get_to(measured.sent_bytes);
    report.at("acknowledged_bytes").get_to(measured.acknowledged_bytes);
    report.at("errors").get_to(measured.errors);
    report.at("timeouts").get_to(measured.timeouts);
    if (report.at("end") == "input") return measured;
    missing = fmt::format("the background load ended by itself ({})", report.at("end").get<std::string>());
  } catch (const nlohmann::json::exception&) {
    missing = "the background load: its report is damaged";
  } catch (const Error& error) {
    missing = fmt::format("the background load: {}", error.what());
  }
  return std::nullopt;
}

}  // namespace offlab
