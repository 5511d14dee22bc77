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

// Throws Error where machines of the lab, or places of captures, cannot be reached.
using LabChecker = std::function<void(const LabPlan& lab, const std::stop_token& stop)>;

// `check`: asked before hosts are changed for the first time.
std::unique_ptr<RunPlaceFinder> existing_machines(HostLroMaker make_hosts, LabChecker check);

// How often the plan's hosts are changed, and how long that takes at most; empty: it leaves hosts alone.
std::string host_changes(const RunPlan& plan);

// What a lab changes on the hosts below its machines, unless it is so already; a line each.
std::vector<std::string> changes_of_hosts(const HostLro& lro);

// What the plan would change on existing machines, one line each: "router: ethtool -K ens192 lro off". Empty: it only
// looks and sends.
std::vector<std::string> changes_on_existing(const RunPlan& plan);

}  // namespace offlab
