#include "worker/control_server.h"

#include <thread>

#include <fmt/core.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/error.h"
#include "lab/live_settings.h"
#include "process/control_socket.h"
#include "record/control_request.h"
#include "record/live_state_json.h"
#include "record/message.h"
#include "runner/record_lab.h"

namespace offlab {
namespace {

using std::chrono::seconds;

// Messages for the client of one request. A client that is gone, or does not read, misses them.
class Client : public Observer {
 public:
  Client(int socket, OuterPaths paths) : socket_(socket), paths_(std::move(paths)) {}

  void on(const Event& event) override { say(event); }
  void say(const Message& message) {
    const std::lock_guard lock(mutex_);
    const std::string line = paths_.in(message_to_line(message)) + "\n";
    const Deadline deadline("the client of the lab", seconds(5));
    for (std::size_t sent = 0; sent < line.size() && !deadline.passed();) {
      const ssize_t part = send(socket_, line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
      if (part > 0) {
        sent += static_cast<std::size_t>(part);
        continue;
      }
      if (errno != EAGAIN) return;
      pollfd writable{socket_, POLLOUT, 0};
      poll(&writable, 1, static_cast<int>(deadline.left(std::chrono::milliseconds(100)).count()));
    }
  }

  // Of a folder that was sent as a descriptor.
  void name(const std::filesystem::path& inner, const std::filesystem::path& outer) {
    const std::lock_guard lock(mutex_);
    paths_.name(inner, outer);
  }

 private:
  int socket_;
  OuterPaths paths_;
  std::mutex mutex_;
};

// Interrupts the lab when the client goes away.
std::jthread watch_client(int socket, Lab& lab) {
  return std::jthread([socket, &lab](const std::stop_token& enough) {
    while (!enough.stop_requested()) {
      pollfd one{socket, POLLRDHUP, 0};
      if (poll(&one, 1, 100) != 1) continue;
      lab.interrupt();
      return;
    }
  });
}

void carry_out(const control::Request& request, const UniqueFd& folder, Lab& lab, LiveSettings& settings,
               Client& client) {
  if (const auto* set = std::get_if<control::Set>(&request)) {
    try {
      return settings.apply(set->steps);
    } catch (const Unsupported& unsupported) {
      return client.say(message::Refused{unsupported.what()});
    }
  }
  const auto& cases = std::get<control::Cases>(request);
  if (!folder) throw Error("the request for cases came without a run folder");
  const std::string inner = fmt::format("/proc/self/fd/{}", folder.get());
  std::error_code unreadable;
  client.name(inner, std::filesystem::read_symlink(inner, unreadable));
  const RunFolder run(inner);
  settings.keep_over(
      [&] {
        settings.apply(cases.before);
        client.on(event::LabStage{event::lab_ready});
        record_cases(lab, cases.lab, run, client);
      },
      cases.after);
}

void answer(const UniqueFd& connection, Lab& lab, LiveSettings& settings, const RunFolder& own, Client& client,
            const std::stop_token& stop) {
  try {
    const ControlRequest received = receive_request(connection, Deadline("a request to the lab", seconds(10)), stop);
    const control::Request request = control::request_from_line(received.text);
    lab.resume();
    const std::jthread watch = watch_client(connection.get(), lab);
    carry_out(request, received.folder, lab, settings, client);
    own.write_text("live.json", live_state_to_json(settings.read()));
    client.say(message::Done{});
  } catch (const Interrupted&) {
    if (stop.stop_requested()) throw;
  } catch (const Error& error) {
    client.say(message::Failed{error.what(), error.remedy()});
  } catch (const std::exception& error) {
    client.say(message::Failed{error.what()});
  }
}

}  // namespace

void RelayObserver::on(const Event& event) {
  const std::lock_guard lock(mutex_);
  (listener_ == nullptr ? home_ : *listener_).on(event);
}

void RelayObserver::relay_to(Observer* listener) {
  const std::lock_guard lock(mutex_);
  listener_ = listener;
}

void serve_lab(Lab& lab, const RunFolder& folder, const OuterPaths& paths, RelayObserver& observer,
               const std::stop_token& stop) {
  const ControlListener listener(folder.path());
  lab.start();
  LiveSettings settings(lab);
  while (true) {
    const UniqueFd connection = listener.accept(stop);
    Client client(connection.get(), paths);
    observer.relay_to(&client);
    answer(connection, lab, settings, folder, client, stop);
    observer.relay_to(nullptr);
  }
}

}  // namespace offlab
