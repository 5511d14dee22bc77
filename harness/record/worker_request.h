// What a worker reads on its stdin: one lab to build, and what its guests boot from, on one line. Schema
// "offlab.worker/2". Then, where the request says so, a line for each case that is wanted: {"case": ID}.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "port/hypervisor.h"

namespace offlab {

struct WorkerImage {
  std::string kernel;  // relative to offlab's cache folder; empty with a disk
  std::string initrd;
  std::string digest;
  std::string disk = {};  // relative to the cache folder
  // What opens the disk's system: a private key in OpenSSH's format, or a password. Kept nowhere.
  std::string key = {};
  std::string password = {};
  bool operator==(const WorkerImage&) const = default;
};

struct WorkerRequest {
  LabPlan lab;
  Accelerator accelerator = Accelerator::tcg;
  std::map<std::string, WorkerImage> images;
  bool cold = false;                // boots every guest and saves none
  unsigned attempt = 1;             // at this lab
  bool by_case = false;             // records the cases that are asked for, one at a time; otherwise all of the plan
  std::vector<unsigned> cpus = {};  // the lab runs on these; empty: on any
  bool hosted = false;              // this host's libvirtd starts the guests
  std::string owner = {};           // of what is made there: "run 20261130-091055-demo"
  // For existing machines: offlab-state and its shell script, absolute.
  std::string tool = {};
  std::string tool_fallback = {};
  bool operator==(const WorkerRequest&) const = default;
};

// Without a newline.
std::string worker_request_to_json(const WorkerRequest& request);
WorkerRequest worker_request_from_json(const std::string& text);

// The id of a case of the lab's plan. Without a newline.
std::string case_request_to_json(const std::string& id);
std::string case_request_from_json(const std::string& text);

}  // namespace offlab
