// A connection to the agent on another host: a program whose stdin and stdout are the agent's, ssh as a rule.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

#include "executor/agent_lines.h"
#include "executor/message_lines.h"
#include "port/observer.h"
#include "record/worker_request.h"
#include "runner/lab_session.h"

namespace offlab {

namespace agent_limits {
// Each end says something at least so often,
inline constexpr std::chrono::milliseconds alive{2000};
// and is lost when nothing is heard of it for so long. The agent is more patient: it knows the run only.
inline constexpr std::chrono::milliseconds silence{10'000};
inline constexpr std::chrono::milliseconds silence_of_run{30'000};
// To connect, log in and start.
inline constexpr std::chrono::milliseconds start{30'000};
// A kernel under KVM is tried in it.
inline constexpr std::chrono::milliseconds choose{180'000};
}  // namespace agent_limits

class HostLink {
 public:
  // The exit status of `command` when the agent has to be brought along first.
  static constexpr int no_agent = 77;

  // `host`: its name, for messages. What is received goes to `run_folder`, what the program prints on stderr to `log`.
  // Throws PlaceLost.
  HostLink(std::string host, const std::vector<std::string>& command, std::filesystem::path run_folder,
           const std::filesystem::path& log, std::stop_token stop);
  HostLink(const HostLink&) = delete;
  HostLink& operator=(const HostLink&) = delete;
  // The agent ends, with the lab.
  ~HostLink();

  // The agent's answer; nothing when there is no agent (no_agent). Throws PlaceLost, also when it refuses.
  std::optional<agent::Ready> begin(const agent::Begin& begin);
  // The files of an image's folder.
  void send_image(const std::string& image, const std::filesystem::path& folder);
  agent::Chosen choose(const agent::Choose& choose);

  void start_lab(const agent::StartLab& lab) { say(lab); }
  void ask(const std::string& line);
  // What the lab's worker says next; nothing when it ended. Files that come before it are in the run folder then.
  // Throws Error at the deadline and PlaceLost.
  std::optional<Message> next(const Deadline& deadline);
  // Returns when the lab is gone and its files are here.
  void end_lab();

  const std::string& host() const { return host_; }
  bool is_lost() const { return lost_; }

 private:
  void say(const AgentMessage& message);
  // The next line that is not for this class itself.
  std::string next_line(const Deadline& whole);
  AgentMessage answer(std::chrono::milliseconds limit, const std::string& name);
  void receive(const agent::File& file);
  template <typename Action>
  auto or_lost(const Action& action);
  void give_up();
  [[noreturn]] void lose(const std::string& why);
  [[noreturn]] void refuse(const agent::Refused& refused);
  std::string last_words() const;
  bool ended_with(int status);

  std::string host_;
  std::filesystem::path run_folder_;
  std::filesystem::path log_;
  std::stop_token stop_;
  UniqueFd input_;   // of the program
  UniqueFd output_;  // of the program
  pid_t pid_ = -1;
  std::optional<int> status_;
  bool lost_ = false;
  std::unique_ptr<AgentReader> reader_;
  std::unique_ptr<AgentWriter> writer_;
  std::jthread alive_;  // the last member: it uses the others
};

// Runs a program that takes this one on its stdin. Throws PlaceLost when it fails.
void install_program(const std::string& host, const std::vector<std::string>& command, const std::filesystem::path& log,
                     std::chrono::milliseconds limit, const std::stop_token& stop);

struct RemoteLabsOptions {
  std::filesystem::path run_folder;
  std::map<std::string, WorkerImage> images = {};
  std::map<std::string, Environment> environments = {};  // of each lab, by name; the run folder keeps them
  std::map<std::string, std::string> host = {};          // the host's account, for the environments
  bool cold = false;
  bool hosted = false;     // the far host's libvirtd starts the guests
  std::string owner = {};  // of what is made there
};

// Labs at the other end of a link, one at a time.
class RemoteLabs : public LabStarter {
 public:
  RemoteLabs(std::unique_ptr<HostLink> link, RemoteLabsOptions options, Observer& observer)
      : link_(std::move(link)), options_(std::move(options)), observer_(observer) {}
  std::unique_ptr<LabSession> start(const LabPlan& plan, unsigned attempt) override;

 private:
  std::unique_ptr<HostLink> link_;
  RemoteLabsOptions options_;
  Observer& observer_;
};

}  // namespace offlab
