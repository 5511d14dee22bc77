// A running lab: its networks and guests, and the legs that are carried out in it. Imperative, on ports only.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "lab/disk_guest.h"
#include "lab/guest_starter.h"
#include "lab/guest_values.h"
#include "model/observation.h"
#include "model/rate_ratio.h"
#include "plan/plan.h"
#include "port/fabric.h"
#include "port/hypervisor.h"
#include "port/injection.h"
#include "port/node_shell.h"
#include "port/observation.h"
#include "port/observer.h"
#include "port/saved_guests.h"

namespace offlab {

struct LabPorts {
  Hypervisor& hypervisor;
  NodeShell& shell;
  Fabric& fabric;
  Injection& injection;
  Observation& observation;
  Observer& observer;
  Clock& clock;
  SavedGuests* saved = nullptr;  // null: every guest boots
};

// What a guest boots from.
struct BootFiles {
  std::string kernel;
  std::string initrd;
  std::map<std::string, std::string> firmware_files;
  std::optional<DomainDisk> disk = {};  // instead of kernel and initrd
  GuestTool tool = {};                  // for a guest that boots a disk
};

// What one leg leaves to those after it.
struct LegMemory {
  // `ethtool --json -k`, as last read while nothing could have changed it since.
  std::map<NicRef, std::string> known;
  GuestValues values;
  std::string case_id;
  RateSeries control;  // what the last control of that case carried
};

// The case asks for something that this guest cannot do.
class Unsupported : public std::exception {
 public:
  explicit Unsupported(std::string reason) : reason_(std::move(reason)) {}
  const char* what() const noexcept override { return reason_.c_str(); }

 private:
  std::string reason_;
};

class Lab {
 public:
  // `logs`: where serial logs go. A stop of `stop` ends every wait.
  Lab(const LabPlan& plan, LabPorts ports, Accelerator accelerator, std::map<std::string, BootFiles> boot_files,
      std::filesystem::path logs, const std::stop_token& stop);
  Lab(const Lab&) = delete;
  Lab& operator=(const Lab&) = delete;
  ~Lab();

  // Networks, boot, configuration. Throws Error that names node, stage and the last serial lines.
  void start();
  // Carries out the leg's steps; what is seen is in `seen` also when a step throws Error or Unsupported.
  // Captures go to `folder`. Forced taps are put back in every case.
  void perform(const CasePlan& of, const LegPlan& leg, const std::filesystem::path& folder, LegObservation& seen);

  // What an action outside of a leg works with.
  struct Access {
    const LabPlan& plan;
    LabPorts ports;
    const std::map<NicRef, std::string>& baseline;  // `ethtool --json -k` after configuration
    LegMemory& memory;
    std::stop_token stop;
  };
  // Runs `action` on the running lab. A guest that died, before or meanwhile, is an Error about it.
  void visit(const std::string& stage, const std::function<void(const Access&)>& action);
  // Ends the waits of what is going on now, as a stop would; after resume() the lab goes on.
  void interrupt();
  void resume();

 private:
  DomainSpec domain_spec(const NodePlan& node) const;
  void create_networks();
  void reach();
  void boot();
  void check_taps();
  void configure();
  void guest_stopped(const std::string& name, GuestEnd how);
  // Runs `body`; a wait that ended because a guest died becomes an Error about that guest.
  template <typename Body>
  void guarded(const std::string& stage, Body&& body);
  std::string serial_log_name(const std::string& node) const;
  std::string serial_tail(const std::string& node) const;
  std::string silent_nodes();

  const LabPlan& plan_;
  LabPorts ports_;
  Accelerator accelerator_;
  std::map<std::string, BootFiles> boot_files_;  // by node
  std::filesystem::path logs_;
  std::mutex mutex_;
  std::stop_source stop_;
  std::stop_token outer_;
  std::stop_callback<std::function<void()>> outer_stop_;
  GuestStarter starter_;
  std::string dead_node_;
  std::string dead_how_;
  LegMemory memory_;
  std::map<NicRef, std::string> baseline_;  // `ethtool --json -k` after configuration
};

}  // namespace offlab
