#include "record/host_lro_json.h"

#include "record/json_values.h"

namespace offlab {

json host_lro_to_json(const HostLro& lro) {
  return {{"file", lro.file},
          {"on", lro.on},
          {"reboot", to_string(lro.change.reboot)},
          {"machines", lro.change.machines},
          {"maintenance", lro.change.maintenance},
          {"host_seconds", lro.change.host_seconds},
          {"machine_seconds", lro.change.machine_seconds}};
}

HostLro host_lro_from_json(const json& document) {
  HostLro lro;
  document.at("file").get_to(lro.file);
  document.at("on").get_to(lro.on);
  lro.change.reboot = parsed(document.at("reboot"), parse_esxi_reboot, "reboot");
  document.at("machines").get_to(lro.change.machines);
  document.at("maintenance").get_to(lro.change.maintenance);
  document.at("host_seconds").get_to(lro.change.host_seconds);
  document.at("machine_seconds").get_to(lro.change.machine_seconds);
  return lro;
}

}  // namespace offlab
