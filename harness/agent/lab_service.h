// One lab of an agent: its worker, and everything that it says and records, on the way to the run.
#pragma once

#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "executor/agent_lines.h"
#include "executor/worker_stream.h"
#include "record/worker_request.h"

namespace offlab {

class LabService {
 public:
  // Starts the worker. `folder`: a run folder of the agent's own.
  LabService(WorkerRequest request, const std::string& environment, std::filesystem::path folder,
             std::filesystem::path cache, AgentWriter& out);
  LabService(const LabService&) = delete;
  LabService& operator=(const LabService&) = delete;
  // Ends the lab; what it left has been sent when this returns.
  ~LabService();

  // A line for the worker.
  void ask(const std::string& line);

 private:
  void work(const std::stop_token& stop);
  void relay(WorkerStream& worker);
  void send_folder(const std::string& folder) const;

  WorkerRequest request_;
  std::filesystem::path folder_;
  std::filesystem::path cache_;
  AgentWriter& out_;
  std::mutex mutex_;
  std::vector<std::string> waiting_;  // lines for a worker that has not started
  WorkerStream* worker_ = nullptr;
  std::jthread thread_;  // the last member: it uses the others; the worker ends with it
};

}  // namespace offlab
