#include "library/foreground_lab.h"

#include <array>
#include <csignal>
#include <thread>

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/read_file.h"
#include "library/offlab_program.h"
#include "process/pipe.h"
#include "process/spawn.h"

namespace offlab::library {
namespace {

using std::chrono::milliseconds;

constexpr auto time_to_end = std::chrono::seconds(10);

// Hands the lines of a file on as they come.
class Followed {
 public:
  Followed(const std::string& file, const Options& options) : file_(file), options_(options) {}

  void look() {
    if (!options_.progress) return;
    const std::string text = read_whole_file(file_);
    for (std::size_t end = 0; (end = text.find('\n', seen_)) != std::string::npos; seen_ = end + 1)
      options_.progress(text.substr(seen_, end - seen_));
  }

 private:
  const std::string& file_;
  const Options& options_;
  std::size_t seen_ = 0;
};

}  // namespace

ForegroundLab::ForegroundLab(const Options& options, const std::string& topology, const std::string& cases,
                             const std::string& name, const std::string& log) try
    : name_(name) {
  Spawn up;
  up.program = find_program(options);
  up.arguments = {"offlab",
                  "up",
                  topology,
                  "--case",
                  cases,
                  "--name",
                  name,
                  "--foreground",
                  "--wait",
                  options.memory_wait,
                  "--accel",
                  options.accelerator,
                  "--extend-anywhere"};
  if (options.cold) up.arguments.emplace_back("--cold");
  Pipe output = make_pipe();
  const UniqueFd errors(open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!errors) throw system_error("creating " + log);
  up.output = output.write.get();
  up.errors = errors.get();
  process_.number = spawn(up);
  if (process_.number < 0) throw system_error("starting offlab");
  output.write.reset();
  output_ = std::move(output.read);
  Followed progress(log, options);
  while (!is_up()) {
    progress.look();
    if (output_) continue;
    const int status = exit_status_of(std::exchange(process_.number, -1));
    fail_with({status, said_, read_whole_file(log)});
  }
} catch (const Error& error) {
  throw Failure(error.what(), error_status);
}

// Reads what there is; without output_ the program has ended.
bool ForegroundLab::is_up() {
  pollfd one{output_.get(), POLLIN, 0};
  if (poll(&one, 1, 200) != 1) return false;
  std::array<char, 4096> buffer{};
  const ssize_t got = read(output_.get(), buffer.data(), buffer.size());
  if (got > 0)
    said_.append(buffer.data(), static_cast<std::size_t>(got));
  else
    output_.reset();
  return said_.find(fmt::format("lab '{}' is up", name_)) != std::string::npos;
}

ForegroundLab::Process::~Process() {
  if (number < 0) return;
  kill(number, SIGTERM);
  const auto limit = std::chrono::steady_clock::now() + time_to_end;
  while (waitpid(number, nullptr, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > limit) kill(number, SIGKILL);  // its supervisor ends the lab then
    std::this_thread::sleep_for(milliseconds(10));
  }
}

}  // namespace offlab::library
