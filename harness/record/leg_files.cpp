#include "record/leg_files.h"

#include <sstream>

#include <fmt/core.h>

#include "base/parse_json.h"
#include "record/json_values.h"

namespace offlab {

void to_json(json& j, const TapState& tap) {
  j = {{"features", tap.features}, {"tun_flags", tap.tun_flags}, {"mtu", tap.mtu}, {"tx_dropped", tap.tx_dropped}};
}
void from_json(const json& j, TapState& tap) {
  j.at("features").get_to(tap.features);
  j.at("tun_flags").get_to(tap.tun_flags);
  j.at("mtu").get_to(tap.mtu);
  if (j.contains("tx_dropped")) j.at("tx_dropped").get_to(tap.tx_dropped);  // not in older recordings
}

void to_json(json& j, const CaptureStatistics& capture) {
  j = {{"point", capture.point.id},
       {"node", capture.point.node},
       {"side", to_string(capture.point.side)},
       {"file", capture.file},
       {"frames", capture.frames},
       {"dropped", capture.dropped},
       {"beyond_limit", capture.beyond_limit},
       {"full_ns", capture.full_ns},
       {"clock_step_ns", capture.clock_step_ns}};
}
void from_json(const json& j, CaptureStatistics& capture) {
  j.at("point").get_to(capture.point.id);
  capture.point.node = j.value("node", "");  // not in older recordings, nor is the side
  capture.point.side = parsed(j.value("side", "host"), parse_capture_side, "side of a NIC");
  j.at("file").get_to(capture.file);
  j.at("frames").get_to(capture.frames);
  j.at("dropped").get_to(capture.dropped);
  j.at("beyond_limit").get_to(capture.beyond_limit);
  j.at("full_ns").get_to(capture.full_ns);
  capture.clock_step_ns = j.value("clock_step_ns", std::int64_t{0});  // not in older recordings
}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StreamOutput, asked_bytes, received_bytes, sent_sha256, received_sha256, trouble)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(BackgroundOutput, sender, receiver, trouble)

namespace {

constexpr const char* csv_header = "seconds,tap,rx_bytes,tx_bytes,tso4";

template <typename Value>
Value from_text(const std::string& text, const char* what) {
  try {
    return parse_json(text, what).get<Value>();
  } catch (const json::exception& error) {
    throw Error(fmt::format("{} is damaged: {}", what, error.what()));
  }
}

}  // namespace

std::string samples_to_csv(const std::vector<TapSample>& samples) {
  std::string text = fmt::format("{}\n", csv_header);
  for (const TapSample& sample : samples)
    text += fmt::format("{:.6f},{},{},{},{}\n", sample.seconds, sample.tap, sample.rx_bytes, sample.tx_bytes,
                        sample.tso4 ? 1 : 0);
  return text;
}

std::vector<TapSample> samples_from_csv(const std::string& text) {
  std::vector<TapSample> samples;
  std::istringstream lines(text);
  std::string line;
  if (!std::getline(lines, line) || line != csv_header) throw Error("samples.csv is damaged: no header");
  while (std::getline(lines, line)) {
    std::istringstream cells(line);
    TapSample sample;
    char comma = 0;
    int tso4 = 0;
    cells >> sample.seconds >> comma;
    std::getline(cells, sample.tap, ',');
    cells >> sample.rx_bytes >> comma >> sample.tx_bytes >> comma >> tso4;
    if (!cells) throw Error(fmt::format("samples.csv is damaged: '{}'", line.substr(0, 80)));
    sample.tso4 = tso4 != 0;
    samples.push_back(std::move(sample));
  }
  return samples;
}

std::string taps_to_json(const std::map<std::string, TapState>& taps) {
  return json(taps).dump(1);
}

std::map<std::string, TapState> taps_from_json(const std::string& text) {
  return from_text<std::map<std::string, TapState>>(text, "taps.json");
}

std::string transfer_to_json(const LegObservation& seen) {
  return json{{"exit_status", seen.transfer.exit_status},
              {"end", to_string(seen.transfer.end)},
              {"traffic_seconds", seen.transfer.traffic_seconds},
              {"cpu_seconds", seen.cpu_seconds}}
      .dump(1);
}

void transfer_from_json(const std::string& text, LegObservation& seen) {
  const json document = from_text<json>(text, "transfer.json");
  try {
    seen.transfer.exit_status = document.value("exit_status", -1);
    seen.transfer.end = parsed(document.value("end", json("full-time")), parse_transfer_end, "end of a transfer");
    seen.transfer.traffic_seconds = document.value("traffic_seconds", 0.0);
    seen.cpu_seconds = document.value("cpu_seconds", std::map<std::string, double>());
  } catch (const json::exception& error) {
    throw Error(fmt::format("transfer.json is damaged: {}", error.what()));
  }
}

// What the guest printed is kept even where it is no UTF-8.
std::string stream_to_json(const StreamOutput& stream) {
  return json(stream).dump(1, ' ', false, json::error_handler_t::replace);
}

StreamOutput stream_from_json(const std::string& text) {
  return from_text<StreamOutput>(text, "stream.json");
}

std::string background_to_json(const BackgroundOutput& background) {
  return json(background).dump(1, ' ', false, json::error_handler_t::replace);
}

BackgroundOutput background_from_json(const std::string& text) {
  return from_text<BackgroundOutput>(text, "background.json");
}

std::string captures_to_json(const std::vector<CaptureStatistics>& captures) {
  return json(captures).dump(1);
}

std::vector<CaptureStatistics> captures_from_json(const std::string& text) {
  return from_text<std::vector<CaptureStatistics>>(text, "captures.json");
}

}  // namespace offlab
