#include "process/control_socket.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/error.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr auto slice = milliseconds(100);

UniqueFd open_socket() {
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) throw system_error("opening a Unix socket");
  return socket;
}

// Through the folder's descriptor: a socket's name is limited to 108 bytes.
sockaddr_un address_in(const UniqueFd& folder) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = fmt::format("/proc/self/fd/{}/control", folder.get());
  std::memcpy(static_cast<char*>(address.sun_path), path.c_str(), path.size() + 1);
  return address;
}

UniqueFd open_folder(const fs::path& path) {
  UniqueFd folder(open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder) throw system_error(fmt::format("opening {}", path.string()));
  return folder;
}

bool wait_for(int socket, short events, milliseconds limit) {
  pollfd one{socket, events, 0};
  return poll(&one, 1, static_cast<int>(limit.count())) == 1;
}

// A message header with room for one descriptor.
struct Message {
  Message(void* data, std::size_t size) : part{data, size} {
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
  }
  iovec part;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr header{};
};

UniqueFd descriptor_in(msghdr& header) {
  const cmsghdr* found = CMSG_FIRSTHDR(&header);
  if (found == nullptr || found->cmsg_level != SOL_SOCKET || found->cmsg_type != SCM_RIGHTS) return UniqueFd();
  int descriptor = -1;
  std::memcpy(&descriptor, CMSG_DATA(found), sizeof descriptor);
  return UniqueFd(descriptor);
}

ssize_t send_part(int socket, std::string_view part, int folder) {
  Message message(const_cast<char*>(part.data()), part.size());
  if (folder < 0) {
    message.header.msg_control = nullptr;
    message.header.msg_controllen = 0;
  } else {
    cmsghdr* header = CMSG_FIRSTHDR(&message.header);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof folder);
    std::memcpy(CMSG_DATA(header), &folder, sizeof folder);
  }
  return sendmsg(socket, &message.header, MSG_NOSIGNAL);
}

}  // namespace

ControlListener::ControlListener(const fs::path& folder) : socket_(open_socket()) {
  const UniqueFd place = open_folder(folder);
  const sockaddr_un address = address_in(place);
  fs::remove(folder / "control");
  if (bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(socket_.get(), 8) != 0)
    throw system_error(fmt::format("listening on {}", (folder / "control").string()));
  fs::permissions(folder / "control", fs::perms::owner_read | fs::perms::owner_write);
}

UniqueFd ControlListener::accept(const std::stop_token& stop) const {
  while (true) {
    if (stop.stop_requested()) throw Interrupted();
    if (!wait_for(socket_.get(), POLLIN, slice)) continue;
    UniqueFd connection(accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (connection) return connection;
  }
}

UniqueFd connect_control(const fs::path& folder) {
  UniqueFd connection = open_socket();
  const UniqueFd place = open_folder(folder);
  const sockaddr_un address = address_in(place);
  if (connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw system_error(fmt::format("connecting to {}", (folder / "control").string()));
  return connection;
}

void send_request(const UniqueFd& connection, const std::string& line, int folder, const Deadline& deadline,
                  const std::stop_token& stop) {
  const std::string text = line + "\n";
  for (std::size_t sent = 0; sent < text.size();) {
    deadline.check(stop);
    const ssize_t part = send_part(connection.get(), std::string_view(text).substr(sent), sent == 0 ? folder : -1);
    if (part > 0)
      sent += static_cast<std::size_t>(part);
    else if (errno == EAGAIN)
      wait_for(connection.get(), POLLOUT, deadline.left(slice));
    else
      throw system_error("sending a request to the lab");
  }
}

ControlRequest receive_request(const UniqueFd& connection, const Deadline& deadline, const std::stop_token& stop) {
  ControlRequest request;
  std::array<char, 65536> buffer;
  while (request.text.empty() || request.text.back() != '\n') {
    deadline.check(stop);
    if (!wait_for(connection.get(), POLLIN, deadline.left(slice))) continue;
    Message message(buffer.data(), buffer.size());
    const ssize_t got = recvmsg(connection.get(), &message.header, MSG_CMSG_CLOEXEC);
    if (got <= 0) throw Error("the client of the lab went away before its request was whole");
    if (UniqueFd folder = descriptor_in(message.header)) request.folder = std::move(folder);
    request.text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  request.text.pop_back();
  return request;
}

}  // namespace offlab
