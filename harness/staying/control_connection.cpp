#include "staying/control_connection.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/socket.h>

#include "base/error.h"
#include "executor/lab_process.h"
#include "lab/lab.h"
#include "process/control_socket.h"

namespace offlab {
namespace {

// Beyond the worker's own deadlines for putting settings back.
constexpr auto finish_limit = std::chrono::seconds(60);

// A session that ends when the lab is as it was before.
class RunningLabSession : public LabSession {
 public:
  RunningLabSession(std::unique_ptr<ControlConnection> connection, Observer& observer)
      : connection_(*connection), observer_(observer), cases_(std::move(connection), observer) {}
  RunningLabSession(const RunningLabSession&) = delete;
  RunningLabSession& operator=(const RunningLabSession&) = delete;
  ~RunningLabSession() override {
    const bool told = !cases_.usable();
    const std::string trouble = connection_.finish();
    if (!trouble.empty() && !told) observer_.on(event::Note{"putting the lab back: " + trouble});
  }

  CaseRecord perform(const CasePlan& plan) override { return cases_.perform(plan); }
  bool came_up() const override { return cases_.came_up(); }
  bool usable() const override { return cases_.usable(); }

 private:
  ControlConnection& connection_;
  Observer& observer_;
  LabProcess cases_;
};

}  // namespace

ControlConnection::ControlConnection(const std::filesystem::path& lab_folder, const control::Request& request,
                                     int folder, std::stop_token stop)
    : socket_(connect_control(lab_folder)), stop_(std::move(stop)) {
  send_request(socket_, control::request_to_line(request), folder,
               Deadline("the lab's worker", std::chrono::seconds(10)), stop_);
}

std::optional<Event> ControlConnection::next(const Deadline& deadline) {
  return lines_.next(socket_.get(), deadline, stop_);
}

std::string ControlConnection::finish() {
  if (stop_.stop_requested()) shutdown(socket_.get(), SHUT_WR);
  try {
    const Deadline deadline("the lab's own settings", finish_limit);
    while (const auto event = lines_.next(socket_.get(), deadline, {}))
      if (const auto* failed = std::get_if<event::LabFailed>(&*event)) return failed->reason;
    return "";
  } catch (const std::exception& error) {
    return error.what();
  }
}

void ask_lab(const std::filesystem::path& lab_folder, const control::Request& request, const Deadline& deadline,
             Observer& observer, const std::stop_token& stop) {
  ControlConnection connection(lab_folder, request, -1, stop);
  std::optional<std::string> refusal;
  while (const auto event = connection.next(deadline)) {
    if (const auto* failed = std::get_if<event::LabFailed>(&*event)) throw Error(failed->reason, failed->remedy);
    const auto* stage = std::get_if<event::LabStage>(&*event);
    if (stage != nullptr && stage->stage == control::done) {
      if (refusal) throw Unsupported(*refusal);
      return;
    }
    if (stage != nullptr && stage->stage == control::refused) {
      refusal = stage->detail;
      continue;
    }
    observer.on(*event);
  }
  throw Error("the lab's worker ended before it answered", "`offlab status` tells what is left");
}

RunningLabs::RunningLabs(std::filesystem::path lab_folder, std::vector<Step> before,
                         const std::filesystem::path& run_folder, Observer& observer, std::stop_token stop)
    : lab_folder_(std::move(lab_folder)),
      before_(std::move(before)),
      run_folder_(open(run_folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)),
      observer_(observer),
      stop_(std::move(stop)) {
  if (!run_folder_) throw system_error(fmt::format("opening {}", run_folder.string()));
}

std::unique_ptr<LabSession> RunningLabs::start(const LabPlan& plan) {
  auto connection =
      std::make_unique<ControlConnection>(lab_folder_, control::Cases{before_, plan}, run_folder_.get(), stop_);
  return std::make_unique<RunningLabSession>(std::move(connection), observer_);
}

}  // namespace offlab
