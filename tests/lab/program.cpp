#include "lab/program.h"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "folders.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

std::optional<pid_t> process_number(const fs::path& name) {
  const std::string text = name.filename();
  if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  return static_cast<pid_t>(std::stol(text));
}

// Parent of every process.
std::map<pid_t, pid_t> parents() {
  std::map<pid_t, pid_t> all;
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator("/proc", gone)) {
    const auto pid = process_number(entry.path());
    if (!pid) continue;
    std::ifstream file(entry.path() / "stat");
    std::string stat;
    std::getline(file, stat);
    const auto after_name = stat.rfind(')');
    if (after_name == std::string::npos) continue;
    std::istringstream rest(stat.substr(after_name + 1));
    char state = 0;
    pid_t parent = 0;
    rest >> state >> parent;
    if (state != 'Z') all[*pid] = parent;
  }
  return all;
}

}  // namespace

ScratchFolder::ScratchFolder() {
  std::string pattern = fs::temp_directory_path() / "offlab-test-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) throw system_error("making a scratch folder");
  path_ = pattern;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Program::Program(const std::vector<std::string>& arguments, const std::vector<std::string>& prefix,
                 const std::vector<std::string>& environment) {
  std::vector<std::string> words = prefix;
  words.emplace_back(offlab_program());
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int output = open((folder_ / "output").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  pid_ = fork();
  if (pid_ == 0) {
    setpgid(0, 0);
    for (const std::string& variable : environment) putenv(const_cast<char*>(variable.c_str()));
    dup2(output, 1);
    dup2(output, 2);
    execvp(argv[0], argv.data());
    _exit(127);
  }
  close(output);
}

Program::~Program() {
  if (status_) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

bool Program::ended() {
  int status = 0;
  if (!status_ && waitpid(pid_, &status, WNOHANG) == pid_)
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return status_.has_value();
}

std::optional<int> Program::wait(std::chrono::seconds limit) {
  const auto end = Clock::now() + limit;
  while (!ended() && Clock::now() < end) std::this_thread::sleep_for(milliseconds(20));
  return status_;
}

void Program::signal(int number) const {
  kill(pid_, number);
}

std::string Program::output() const {
  return read_text(folder_ / "output");
}

std::vector<pid_t> Program::descendants() const {
  return descendants_of(pid_);
}

pid_t Program::find(const std::string& words) const {
  for (const pid_t pid : descendants()) {
    std::string command = read_text(fs::path("/proc") / std::to_string(pid) / "cmdline");
    std::replace(command.begin(), command.end(), '\0', ' ');
    if (command.find(words) != std::string::npos) return pid;
  }
  return -1;
}

bool Program::until(std::chrono::seconds limit, const std::function<bool()>& condition) {
  const auto end = Clock::now() + limit;
  while (!condition()) {
    if (ended()) return condition();
    if (Clock::now() > end) return false;
    std::this_thread::sleep_for(milliseconds(20));
  }
  return true;
}

bool eventually(std::chrono::seconds limit, const std::function<bool()>& condition) {
  for (const auto end = Clock::now() + limit; !condition(); std::this_thread::sleep_for(milliseconds(20)))
    if (Clock::now() > end) return false;
  return true;
}

std::vector<pid_t> descendants_of(pid_t process) {
  const auto parent_of = parents();
  std::vector<pid_t> found;
  for (const auto& [pid, parent] : parent_of) {
    pid_t ancestor = parent;
    while (ancestor != process && parent_of.count(ancestor) != 0) ancestor = parent_of.at(ancestor);
    if (ancestor == process) found.push_back(pid);
  }
  return found;
}

std::vector<pid_t> survivors(const std::vector<pid_t>& processes) {
  const auto end = Clock::now() + std::chrono::seconds(2);
  std::vector<pid_t> left;
  do {
    left.clear();
    const auto running = parents();
    for (const pid_t pid : processes)
      if (running.count(pid) != 0) left.push_back(pid);
    if (!left.empty()) std::this_thread::sleep_for(milliseconds(50));
  } while (!left.empty() && Clock::now() < end);
  return left;
}

std::string host_state() {
  std::string state = "mounts:\n" + read_text("/proc/self/mounts") + "interfaces:\n";
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator("/sys/class/net")) names.push_back(entry.path().filename());
  std::error_code none;
  for (const auto& entry : fs::directory_iterator("/run/netns", none))
    names.push_back("netns " + entry.path().string());
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) state += name + "\n";
  return state;
}

nlohmann::json read_json(const fs::path& file) {
  return nlohmann::json::parse(read_text(file), nullptr, false);
}

std::string read_text(const fs::path& file) {
  const std::ifstream stream(file, std::ios::binary);
  // By `<<`, which ends at an error: a process may end while its file in /proc is read (ESRCH).
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

nlohmann::json find_case(const nlohmann::json& run, const std::string& id) {
  if (run.is_object() && run.contains("cases"))
    for (const auto& one : run["cases"])
      if (one.value("id", "") == id) return one;
  ADD_FAILURE() << "run.json has no case '" << id << "'";
  return nlohmann::json::object();
}

bool has_event(const fs::path& run_folder, const std::string& words) {
  return read_text(run_folder / "events.jsonl").find(words) != std::string::npos;
}

}  // namespace offlab::test
