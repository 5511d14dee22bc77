// The commands of the program, one file each: options in, exit status out. The options are filled in by
// the command lines: X_command_line.cpp (command_words.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bundle/make_bundle.h"
#include "cli/run_scenario.h"
#include "model/verdict.h"
#include "session/bisect_session.h"
#include "session/gate_session.h"
#include "session/night_session.h"
#include "session/scenario_file.h"

namespace offlab {

// run and verify: the same with another question.
struct RunOptions {
  ScenarioOptions scenario;
  RunChoices session;
  std::vector<std::string> formats = {};  // NAME[=FILE]
};
int run_command(const RunOptions& options, Question question);
// One file, or a folder of them.
int verify_command(const RunOptions& options);

int demo_command(const RunChoices& options);

struct GateCommandOptions {
  ScenarioOptions scenario;
  Display display;
  GateOptions gate;
  std::string margin;  // "5%", "0.05"; empty: 10 %
  bool strict = false;
  std::string history;  // a file; empty: none
};
int gate_command(const GateCommandOptions& options);

struct BisectCommandOptions {
  ScenarioOptions scenario;
  Display display;
  BisectOptions bisect;
  std::string history;  // a file; empty: none
};
int bisect_command(const BisectCommandOptions& options);

struct InspectOptions {
  std::vector<std::string> what;  // a machine as ssh takes it, or files
  std::string libvirt;            // a domain's XML
  bool here = false;
  bool script = false;
  bool json = false;
  std::string topology;  // a file to be written; empty: none
  std::string jump;
  std::string ssh_config;
  unsigned port = 0;  // 0: ssh's own
};
int inspect_command(const InspectOptions& options);

struct NightCommandOptions {
  NightOptions night;
  Display display;
};
int nightly_command(const NightCommandOptions& options);

struct HistoryOptions {
  std::string file = "runs/history.sqlite";
  std::string only;   // cases with this text in their id; empty: all
  std::string chart;  // one case by its id
};
int history_command(const HistoryOptions& options);

struct AckOptions {
  std::string file = "runs/history.sqlite";
  std::string case_id;
  std::string part;   // empty: any
  std::string since;  // likewise
  std::string reason;
};
int ack_command(const AckOptions& options);

struct ReportOptions {
  std::vector<std::string> folders;
  std::string out;  // a file; empty: report.html in the folder, or here where there are several
  std::vector<std::string> formats;
};
int report_command(const ReportOptions& options);

struct DiffOptions {
  std::string before;  // folders of runs
  std::string after;
  std::vector<std::string> cases;  // "ID", or "ID::ID" for cases of different names; empty: all of the same name
  bool json = false;
};
int diff_command(const DiffOptions& options);

struct BundleCommandOptions {
  std::string run;      // a folder; empty: captures
  std::string case_id;  // empty: the first case that shows a fault
  std::vector<std::string> before;
  std::vector<std::string> behind;
  std::string lro;           // on, off, or not known
  unsigned ingress_mtu = 0;  // 0: not known
  unsigned egress_mtu = 0;
  BundleOptions bundle;
};
int bundle_command(const BundleCommandOptions& options);

struct ReplayOptions {
  std::string bundle;  // a folder, or FILE.tar.zst
  RunChoices session;
};
int replay_command(const ReplayOptions& options);

struct JudgeOptions {
  std::string folder;
  std::string out;  // for the results; empty: the folder
  Display display;
  std::vector<std::string> formats = {};
};
int judge_command(const JudgeOptions& options);

struct MergeOptions {
  std::vector<std::string> runs;
  std::string out;
  Display display;
  std::vector<std::string> formats = {};
};
int merge_command(const MergeOptions& options);

struct AnalyzeOptions {
  std::vector<std::string> files;   // one or two captures
  std::vector<std::string> before;  // instead of them: those of one side, in any order
  std::vector<std::string> behind;
  std::string flow;   // "A.PORT > B.PORT"; empty: offlab chooses
  unsigned port = 0;  // of either side; 0: any
  bool flows = false;
  bool markdown = false;
  std::string lro;           // on, off, or not known
  unsigned ingress_mtu = 0;  // 0: not known
  unsigned egress_mtu = 0;
  std::vector<std::string> router_counters;  // before and after; empty: none
  std::vector<std::string> sender_counters;
  std::vector<std::string> receiver_counters;
  bool json = false;
};
int analyze_command(const AnalyzeOptions& options);

struct SelftestOptions {
  std::string recording;   // a run folder; empty: the one that is shipped
  unsigned rounds = 0;     // of labs; 0: no lab is started
  std::string topologies;  // a folder; empty: the one that is shipped
  std::string out;
  bool markdown = false;
  bool extend_anywhere = false;
};
int selftest_command(const SelftestOptions& options);

struct ValidateOptions {
  std::vector<std::string> files;
  bool settings = false;
  bool extend_anywhere = false;
};
int validate_command(const ValidateOptions& options);

struct PlanOptions {
  ScenarioOptions scenario;
  bool steps = false;
  bool json = false;
};
int plan_command(const PlanOptions& options);

struct SchemaOptions {
  bool markdown = false;
  bool invariants = false;
};
int schema_command(const SchemaOptions& options);

int image_build_command(const std::string& name);

struct HostLroOptions {
  std::string host;   // a file
  std::string value;  // of set: "on", "off"
  bool json = false;
  bool yes = false;  // agrees to reboots
};
int host_lro_show_command(const HostLroOptions& options);
int host_lro_set_command(const HostLroOptions& options);
int host_lro_restore_command(const HostLroOptions& options);

struct HostMachineOptions {
  std::string host;     // a file
  std::string machine;  // of start and stop
  bool json = false;
};
int host_vm_list_command(const HostMachineOptions& options);
int host_vm_start_command(const HostMachineOptions& options);
int host_vm_stop_command(const HostMachineOptions& options);

struct HostCaptureOptions {
  std::string host;   // a file
  std::string place;  // a virtual NIC or an uplink
  std::string out;
  unsigned seconds = 10;
  unsigned megabytes = 64;
  unsigned snap_length = 192;  // bytes a frame
};
int host_capture_command(const HostCaptureOptions& options);

struct HostReportOptions {
  std::string host;  // a file
  std::string out = "offlab-host-report.tar.gz";
};
int host_report_command(const HostReportOptions& options);

// What killed runs have left switched on existing machines.
int put_back_command();

int cache_command();

struct CacheClearOptions {
  bool images = false;
  bool warm = false;
};
int cache_clear_command(const CacheClearOptions& options);

struct AgentOptions {
  bool stdio = false;
  std::optional<std::size_t> task = {};  // of the run in the folder `run`
  std::string run = {};
};
int agent_command(const AgentOptions& options);

struct WorkerOptions {
  bool image = false;
  bool probe = false;
  bool stay = false;
  bool existing = false;
  bool hosted = false;
  std::string what;  // the run folder; with `image`, the recipe's key
  std::string cache;
};
int worker_command(const WorkerOptions& options);

}  // namespace offlab
