// What a lab wants of the hosts below its machines, as JSON in its plan.
#pragma once

#include "base/json.h"
#include "model/esxi_host.h"

namespace offlab {

nlohmann::json host_lro_to_json(const HostLro& lro);
// Throws nlohmann::json::exception, and Error for a word that is none.
HostLro host_lro_from_json(const nlohmann::json& document);

}  // namespace offlab
