#include "record/live_state_json.h"

#include <fmt/core.h>

#include "base/parse_json.h"
#include "record/json_values.h"

namespace offlab {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(NicState, mtu, features)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TapOffloads, checksum, tso4, tso6, forced)

namespace {
constexpr const char* schema = "offlab.live/1";
}

std::string live_state_to_json(const LiveState& state) {
  return json{{"schema", schema},
              {"nics", nics_to_json(state.nics)},
              {"taps", state.taps},
              {"df", state.df},
              {"values", state.values}}
      .dump(1, ' ', false, json::error_handler_t::replace);
}

LiveState live_state_from_json(const std::string& text) {
  try {
    const json document = parse_json(text, "the state of the lab");
    if (document.at("schema") != schema)
      throw Error("the state of the lab has another schema than " + std::string(schema));
    LiveState state;
    state.nics = nics_from_json<NicState>(document.at("nics"));
    document.at("taps").get_to(state.taps);
    document.at("df").get_to(state.df);
    state.values = document.value("values", state.values);  // not in those of older labs
    return state;
  } catch (const json::exception& error) {
    throw Error(fmt::format("the state of the lab is damaged: {}", error.what()));
  }
}

}  // namespace offlab
