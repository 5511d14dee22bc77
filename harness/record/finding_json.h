// Findings and the frames that show them as JSON, in every result. Included by the JSON sources of this folder.
#pragma once

#include <optional>

#include "base/json.h"
#include "model/verdict.h"

namespace offlab {

// Fields in the order in which a person reads them.
using OrderedJson = nlohmann::ordered_json;

template <typename T>
OrderedJson or_null(const std::optional<T>& value) {
  return value ? OrderedJson(*value) : OrderedJson(nullptr);
}

OrderedJson finding_to_json(const Finding& finding);
// Throws Error or json::exception when it is none.
Finding finding_from_json(const OrderedJson& object);

}  // namespace offlab
