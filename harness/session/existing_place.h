// A run between machines that exist: nothing is built.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>

#include "port/host_lro.h"
#include "session/run_session.h"

namespace offlab {

// Makes what switches the hosts below the machines, for a run that asks for it.
using HostLroMaker = std::function<std::unique_ptr<HostLroControl>(Observer& observer, const std::stop_token& stop)>;

std::unique_ptr<RunPlaceFinder> existing_machines(HostLroMaker make_hosts);

// What the plan would change on existing machines, one line each: "router: ethtool -K ens192 lro off". Empty: it only
// looks and sends.
std::vector<std::string> changes_on_existing(const RunPlan& plan);

}  // namespace offlab
