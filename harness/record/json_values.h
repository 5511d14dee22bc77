// JSON forms of the small values that plans, observations and results share. Included by the JSON sources of this
// folder.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/json.h"
#include "base/parse_json.h"
#include "model/expectation.h"
#include "model/leg.h"
#include "model/nic_ref.h"
#include "model/offload.h"
#include "model/recorded.h"
#include "model/topology.h"

namespace nlohmann {

template <typename T>
struct adl_serializer<std::optional<T>> {
  static void to_json(json& j, const std::optional<T>& value) {
    if (value)
      j = *value;
    else
      j = nullptr;
  }
  static void from_json(const json& j, std::optional<T>& value) {
    if (j.is_null())
      value.reset();
    else
      value = j.get<T>();
  }
};

}  // namespace nlohmann

namespace offlab {

using nlohmann::json;

// The value that `parse` finds in the text; Error when there is none.
template <typename Parse>
auto parsed(const json& j, Parse parse, const char* what) {
  const auto value = parse(j.get<std::string>());
  if (!value) throw Error(std::string("'") + j.get<std::string>() + "' is no " + what);
  return *value;
}

// What `read` makes of the document. Throws Error, "NAME is damaged: ...".
template <typename Read>
auto read_json_file(std::string_view text, const std::string& name, Read read) {
  try {
    return read(parse_json(text, name));
  } catch (const json::exception& error) {
    throw Error(name + " is damaged: " + error.what());
  } catch (Error& error) {
    error.add_frame(name + " is damaged");
    throw;
  }
}

// By NIC: an object whose keys are "NODE NETWORK".
template <typename Value>
json nics_to_json(const std::map<NicRef, Value>& nics) {
  json object = json::object();
  for (const auto& [nic, value] : nics) object[to_string(nic)] = value;
  return object;
}
template <typename Value>
std::map<NicRef, Value> nics_from_json(const json& object) {
  std::map<NicRef, Value> nics;
  for (const auto& [key, value] : object.get_ref<const json::object_t&>())
    nics[parsed(key, parse_nic_ref, "NIC")] = value.template get<Value>();
  return nics;
}

inline void to_json(json& j, Mtu mtu) {
  j = mtu.bytes;
}
inline void from_json(const json& j, Mtu& mtu) {
  j.get_to(mtu.bytes);
}
inline void to_json(json& j, ByteCount count) {
  j = count.bytes;
}
inline void from_json(const json& j, ByteCount& count) {
  j.get_to(count.bytes);
}
inline void to_json(json& j, Family family) {
  j = to_string(family);
}
inline void from_json(const json& j, Family& family) {
  family = parsed(j, parse_family, "address family");
}
inline void to_json(json& j, const IpAddress& address) {
  j = to_string(address);
}
inline void from_json(const json& j, IpAddress& address) {
  address = parsed(j, parse_address, "IP address");
}
inline void to_json(json& j, const IpPrefix& prefix) {
  j = to_string(prefix);
}
inline void from_json(const json& j, IpPrefix& prefix) {
  prefix = parsed(j, parse_prefix, "IP prefix");
}
inline void to_json(json& j, CaptureSide side) {
  j = to_string(side);
}
inline void from_json(const json& j, CaptureSide& side) {
  side = parsed(j, parse_capture_side, "side of a NIC");
}
inline void to_json(json& j, LroFamilies families) {
  j = to_string(families);
}
inline void from_json(const json& j, LroFamilies& families) {
  families = parsed(j, parse_lro_families, "family of hypervisor.lro");
}
inline void to_json(json& j, HypervisorLro lro) {
  j = to_string(lro);
}
inline void from_json(const json& j, HypervisorLro& lro) {
  lro = parsed(j, parse_hypervisor_lro, "hypervisor.lro");
}
inline void to_json(json& j, NicModel model) {
  j = to_string(model);
}
inline void from_json(const json& j, NicModel& model) {
  model = parsed(j, parse_nic_model, "NIC model");
}
inline void to_json(json& j, const Expectation& expectation) {
  j = to_string(expectation);
}
inline void from_json(const json& j, Expectation& expectation) {
  expectation = parsed(j, parse_expectation, "expectation");
}
inline void to_json(json& j, FaultClass fault) {
  j = to_string(fault);
}
inline void from_json(const json& j, FaultClass& fault) {
  fault = parsed(j, parse_fault_class, "fault class");
}
inline void to_json(json& j, Recorded recorded) {
  j = to_string(recorded);
}
inline void from_json(const json& j, Recorded& recorded) {
  recorded = parsed(j, parse_recorded, "word for what became of a case");
}
inline void to_json(json& j, Outcome outcome) {
  j = to_string(outcome);
}
inline void from_json(const json& j, Outcome& outcome) {
  outcome = parsed(j, parse_outcome, "outcome");
}

}  // namespace offlab
