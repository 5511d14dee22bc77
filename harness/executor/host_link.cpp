#include "executor/host_link.h"

#include <algorithm>
#include <csignal>
#include <fstream>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clean_text.h"
#include "base/error.h"
#include "executor/lab_process.h"
#include "model/lab_host.h"
#include "plan/deadlines.h"
#include "process/pipe.h"
#include "process/spawn.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr std::uint64_t longest_file = std::uint64_t{4} << 30U;  // captures have a limit of their own

// Its exit status. It is killed when it does not end in time, or at a stop.
int end_of(pid_t program, milliseconds limit, const std::stop_token& stop = {}) {
  for (const Deadline patience("the end of the connection", limit); !patience.passed() && !stop.stop_requested();) {
    int status = 0;
    if (waitpid(program, &status, WNOHANG) == program)
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    usleep(10'000);
  }
  kill(-program, SIGKILL);
  return exit_status_of(program);
}

std::string last_line_of(const fs::path& log) {
  std::ifstream file(log);
  std::string last;
  for (std::string line; std::getline(file, line);)
    if (!line.empty()) last = line;
  return clean_line(last.substr(0, 300));
}

UniqueFd open_log(const fs::path& log) {
  UniqueFd file(open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (!file) throw system_error(fmt::format("creating {}", log.string()));
  return file;
}

}  // namespace

HostLink::HostLink(std::string host, const std::vector<std::string>& command, fs::path run_folder, const fs::path& log,
                   std::stop_token stop)
    : host_(std::move(host)), run_folder_(std::move(run_folder)), log_(log), stop_(std::move(stop)) {
  Pipe input = make_wide_pipe();
  Pipe output = make_wide_pipe();
  const UniqueFd errors = open_log(log);
  Spawn program;
  program.arguments = command;
  program.input = input.read.get();
  program.output = output.write.get();
  program.errors = errors.get();
  pid_ = spawn(program);
  if (pid_ < 0) throw PlaceLost(system_error(fmt::format("host {}: starting {}", host_, command.front())).what());
  input_ = std::move(input.write);
  output_ = std::move(output.read);
  reader_ = std::make_unique<AgentReader>(output_.get());
  writer_ = std::make_unique<AgentWriter>(input_.get(), agent_limits::silence);
  alive_ = std::jthread([this](const std::stop_token& ended) {
    while (!ended.stop_requested()) {
      Deadline("the next sign of life", agent_limits::alive).wait(ended);
      if (ended.stop_requested()) return;
      try {
        writer_->say(agent::Alive{});
      } catch (const Error&) {
        return;  // whoever reads notices
      }
    }
  });
}

HostLink::~HostLink() {
  alive_ = {};
  input_.reset();
  output_.reset();
  if (!status_) end_of(pid_, limits::end);
}

// The agent ends when its stdin does, also one that comes back later.
void HostLink::give_up() {
  lost_ = true;
  alive_ = {};  // it writes to what is closed now
  input_.reset();
}

void HostLink::refuse(const agent::Refused& refused) {
  give_up();
  throw PlaceLost(fmt::format("host {}: {}", host_, refused.reason), refused.remedy);
}

void HostLink::lose(const std::string& why) {
  give_up();
  const std::string words = last_words();
  throw PlaceLost(fmt::format("host {}: {}{}{}", host_, why, words.empty() ? "" : ": ", words));
}

// What the program printed last on stderr.
std::string HostLink::last_words() const {
  return last_line_of(log_);
}

// The connection is of no use after any failure of it.
template <typename Action>
auto HostLink::or_lost(const Action& action) {
  try {
    return action();
  } catch (const PlaceLost&) {
    throw;
  } catch (const Error& error) {
    lose(error.what());
  }
}

void HostLink::say(const AgentMessage& message) {
  if (lost_) throw PlaceLost(fmt::format("host {}: the connection was lost before", host_));
  or_lost([&] { writer_->say(message); });
}

void HostLink::ask(const std::string& line) {
  if (lost_) throw PlaceLost(fmt::format("host {}: the connection was lost before", host_));
  or_lost([&] { writer_->line(line); });
}

bool HostLink::ended_with(int status) {
  status_ = end_of(pid_, limits::end);
  return *status_ == status;
}

std::string HostLink::next_line(const Deadline& whole) {
  const milliseconds limit = whole.left();
  Deadline deadline(whole.name(), limit);
  while (true) {
    deadline.check(stop_);
    const milliseconds patience = std::min<milliseconds>(deadline.left(), agent_limits::silence);
    std::optional<std::string> line;
    try {
      line = reader_->line(Deadline("the host", patience), stop_);
    } catch (const Error&) {
      if (patience < agent_limits::silence) continue;  // the caller waits no longer; the host may be alive
      lose(fmt::format("nothing was heard for {} s", agent_limits::silence.count() / 1000));
    }
    if (!line) lose("the connection ended");
    const auto message = or_lost([&] { return agent_message_from_line(*line); });
    if (message && std::holds_alternative<agent::Alive>(*message)) continue;
    const auto* file = message ? std::get_if<agent::File>(&*message) : nullptr;
    if (file == nullptr) return *line;
    receive(*file);
    deadline = Deadline(whole.name(), limit);  // however long the file took, the lab is not silent
  }
}

void HostLink::receive(const agent::File& file) {
  if (file.bytes > longest_file) lose(fmt::format("it sent a file of {} bytes", file.bytes));
  if (!is_path_in_run(file.path)) lose(fmt::format("it sent a file for '{}'", clean_line(file.path)));
  or_lost([&] { reader_->file(run_folder_ / file.path, file.bytes, agent_limits::silence, stop_); });
}

AgentMessage HostLink::answer(milliseconds limit, const std::string& name) {
  const std::string line = or_lost([&] { return next_line(Deadline(name, limit)); });
  const auto message = or_lost([&] { return agent_message_from_line(line); });
  if (!message) lose(fmt::format("it said '{}'", clean_line(line.substr(0, 100))));
  if (const auto* refused = std::get_if<agent::Refused>(&*message)) refuse(*refused);
  return *message;
}

std::optional<agent::Ready> HostLink::begin(const agent::Begin& begin) {
  try {
    say(begin);
    const AgentMessage said = answer(agent_limits::start, "the agent's start");
    const auto* ready = std::get_if<agent::Ready>(&said);
    if (ready == nullptr) lose("it said something else than that it is ready");
    if (ready->protocol != agent::protocol)
      lose(fmt::format("offlab {} speaks protocol {} of agents, this one {}", ready->version, ready->protocol,
                       agent::protocol));
    return *ready;
  } catch (const PlaceLost&) {
    if (lost_ && ended_with(no_agent)) return std::nullopt;
    throw;
  }
}

void HostLink::send_image(const std::string& image, const fs::path& folder) {
  or_lost([&] {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.is_regular_file()) files.push_back(entry.path());
    // The one that says what it is comes last: before it, there is no image.
    std::sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) {
      return std::pair(a.filename() == "image.json", a) < std::pair(b.filename() == "image.json", b);
    });
    for (const fs::path& one : files)
      writer_->file(one, [&](std::uint64_t bytes) { return agent::ImageFile{image, one.filename(), bytes}; });
  });
}

agent::Chosen HostLink::choose(const agent::Choose& choose) {
  say(choose);
  const AgentMessage said = answer(agent_limits::choose, "the choice of an accelerator");
  if (const auto* chosen = std::get_if<agent::Chosen>(&said)) return *chosen;
  lose("it did not say which accelerator it has");
}

std::optional<Message> HostLink::next(const Deadline& deadline) {
  const std::string line = next_line(deadline);
  const auto message = or_lost([&] { return agent_message_from_line(line); });
  if (!message) return message_from_line(line);
  if (std::holds_alternative<agent::WorkerEnded>(*message)) return std::nullopt;
  if (const auto* refused = std::get_if<agent::Refused>(&*message)) refuse(*refused);
  lose("it said something that nobody asked for");
}

void HostLink::end_lab() {
  say(agent::EndLab{});
  const Deadline deadline(fmt::format("the end of the lab on {}", host_), limits::end + agent_limits::start);
  or_lost([&] {
    while (true) {
      const std::string line = next_line(deadline);
      const auto message = agent_message_from_line(line);
      if (message && std::holds_alternative<agent::EndLab>(*message)) return;
    }
  });
}

void install_program(const std::string& host, const std::vector<std::string>& command, const fs::path& log,
                     milliseconds limit, const std::stop_token& stop) {
  const UniqueFd self(open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  const UniqueFd errors = open_log(log);
  Spawn program;
  program.arguments = command;
  program.input = self.get();
  program.errors = errors.get();
  const pid_t pid = self ? spawn(program) : -1;
  if (pid < 0) throw PlaceLost(system_error(fmt::format("host {}: starting {}", host, command.front())).what());
  const int status = end_of(pid, limit, stop);
  if (stop.stop_requested()) throw Interrupted();
  if (status != 0)
    throw PlaceLost(fmt::format("host {}: bringing this program along failed: {}", host, last_line_of(log)));
}

namespace {

// The messages of one lab. When it is destroyed, the lab ends.
class LinkedLab : public MessageSource {
 public:
  explicit LinkedLab(HostLink& link) : link_(link) {}
  LinkedLab(const LinkedLab&) = delete;
  LinkedLab& operator=(const LinkedLab&) = delete;
  ~LinkedLab() override {
    if (link_.is_lost()) return;
    try {
      link_.end_lab();
    } catch (const std::exception&) {  // the next lab's start says it
    }
  }
  std::optional<Message> next(const Deadline& deadline) override { return link_.next(deadline); }

 private:
  HostLink& link_;
};

}  // namespace

std::unique_ptr<LabSession> RemoteLabs::start(const LabPlan& plan, unsigned attempt) {
  const LabAttempt of{plan.name, attempt};
  Environment environment = options_.environments.at(plan.name);
  for (const auto& [key, value] : options_.host) environment.host[key] = value;
  environment.host["host"] = link_->host();
  if (options_.hosted) environment.host["connect"] = system_libvirt;
  const RunFolder folder(options_.run_folder);
  folder.write_lab_environment(of, environment);
  observer_.on({of, event::Note{fmt::format("{} runs on {}", plan.name, link_->host())}});
  try {
    link_->start_lab({worker_request_to_json({.lab = plan,
                                              .images = options_.images,
                                              .cold = options_.cold,
                                              .attempt = attempt,
                                              .by_case = true,
                                              .hosted = options_.hosted,
                                              .owner = options_.owner}),
                      folder.read_text(lab_folder(of) + "/environment.json")});
    return std::make_unique<LabProcess>(
        std::make_unique<LinkedLab>(*link_), of, observer_,
        [link = link_.get()](const std::string& id) { link->ask(case_request_to_json(id)); }, nullptr,
        limits::boot_of(plan));
  } catch (const PlaceLost& lost) {
    observer_.on({of, event::LabFailed{lost.what(), lost.remedy()}});
    throw;
  }
}

}  // namespace offlab
