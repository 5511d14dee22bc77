#include "staying/control_connection.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/socket.h>

#include "base/error.h"
#include "executor/lab_process.h"
#include "lab/lab.h"
#include "plan/deadlines.h"
#include "process/control_socket.h"

namespace offlab {
namespace {

// A session that ends when the lab is as it was before.
class RunningLabSession : public LabSession {
 public:
  RunningLabSession(std::unique_ptr<ControlConnection> connection, LabAttempt of, Observer& observer)
      : connection_(*connection), observer_(observer), cases_(std::move(connection), std::move(of), observer) {}
  RunningLabSession(const RunningLabSession&) = delete;
  RunningLabSession& operator=(const RunningLabSession&) = delete;
  ~RunningLabSession() override {
    const bool told = !cases_.usable();
    const std::string trouble = connection_.finish();
    if (!trouble.empty() && !told) observer_.on(event::Note{"putting the lab back: " + trouble});
  }

  void begin(const CasePlan&) override {}  // it has been asked for all of them
  CaseRecord perform(const CasePlan& plan) override { return cases_.perform(plan); }
  bool came_up() const override { return cases_.came_up(); }
  bool usable() const override { return cases_.usable(); }
  bool was_worn_before() const override { return cases_.was_worn_before(); }

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

std::optional<Message> ControlConnection::next(const Deadline& deadline) {
  return lines_.next(socket_.get(), deadline, stop_);
}

std::string ControlConnection::finish() {
  if (stop_.stop_requested()) shutdown(socket_.get(), SHUT_WR);
  try {
    const Deadline deadline("the lab's own settings", limits::settings + limits::margin);
    while (const auto message = lines_.next(socket_.get(), deadline, {}))
      if (const auto* failed = std::get_if<message::Failed>(&*message)) return failed->reason;
    return "";
  } catch (const std::exception& error) {
    return error.what();
  }
}

void ask_lab(const std::filesystem::path& lab_folder, const control::Request& request, const Deadline& deadline,
             Observer& observer, const std::stop_token& stop) {
  ControlConnection connection(lab_folder, request, -1, stop);
  std::optional<std::string> refusal;
  while (const auto message = connection.next(deadline)) {
    if (const auto* failed = std::get_if<message::Failed>(&*message)) throw Error(failed->reason, failed->remedy);
    if (const auto* refused = std::get_if<message::Refused>(&*message)) refusal = refused->reason;
    if (const auto* event = std::get_if<Event>(&*message)) observer.on(*event);
    if (!std::holds_alternative<message::Done>(*message)) continue;
    if (refusal) throw Unsupported(*refusal);
    return;
  }
  throw Error("the lab's worker ended before it answered", "`offlab status` tells what is left");
}

RunningLabs::RunningLabs(std::filesystem::path lab_folder, control::Cases around,
                         const std::filesystem::path& run_folder, Observer& observer, std::stop_token stop)
    : lab_folder_(std::move(lab_folder)),
      around_(std::move(around)),
      run_folder_(open(run_folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)),
      observer_(observer),
      stop_(std::move(stop)) {
  if (!run_folder_) throw system_error(fmt::format("opening {}", run_folder.string()));
}

std::unique_ptr<LabSession> RunningLabs::start(const LabPlan& plan, unsigned attempt) {
  control::Cases request = around_;
  request.lab = plan;
  auto connection = std::make_unique<ControlConnection>(lab_folder_, request, run_folder_.get(), stop_);
  return std::make_unique<RunningLabSession>(std::move(connection), LabAttempt{plan.name, attempt}, observer_);
}

}  // namespace offlab
