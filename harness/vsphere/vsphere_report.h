// What a host says of itself through the vSphere API. Read only.
#pragma once

#include <string>
#include <vector>

#include "model/host_report.h"
#include "vsphere/vsphere_session.h"
#include "vsphere/vsphere_settings.h"

namespace offlab {

// Answers as they came: the product, its network (pNICs, vSwitches, port groups), its capabilities, and the settings of
// LRO with their definitions.
std::vector<ReportPart> report_by_api(VsphereSession& session, VsphereSettings& hosts,
                                      const std::vector<std::string>& keys);

}  // namespace offlab
