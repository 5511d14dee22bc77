#include "measure/background.h"

#include <cmath>

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

std::uint64_t count_in(const nlohmann::json& report, const char* key) {
  if (!report.at(key).is_number_unsigned()) throw Error("its report is damaged");
  return report.at(key).get<std::uint64_t>();
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

}  // namespace

std::optional<BackgroundMeasurement> measure_background(const BackgroundOutput& output, std::string& missing) {
  if (!output.trouble.empty()) {
    missing = fmt::format("the background load: {}", output.trouble);
    return std::nullopt;
  }
  try {
    const nlohmann::json report = parse_json(report_of(output.sender), "the report of the background load");
    const BackgroundMeasurement measured = measured_in(report);
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
