#include "adapter/hostile_ssh_server.h"

#include <random>

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/error.h"

namespace offlab::test {
namespace {

constexpr const char* hello = "SSH-2.0-OpenSSH_9.2\r\n";
constexpr int between_bytes = 50;  // milliseconds

std::string number_32(std::uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> static_cast<unsigned>(shift));
  return bytes;
}

std::string text(const std::string& content) {
  return number_32(static_cast<std::uint32_t>(content.size())) + content;
}

// Source: RFC 4253, 6.
std::string packet(const std::string& payload) {
  const std::size_t padding = 4 + (8 - (5 + payload.size() + 4) % 8) % 8;
  return number_32(static_cast<std::uint32_t>(1 + payload.size() + padding)) + static_cast<char>(padding) + payload +
         std::string(padding, 'p');
}

// SSH_MSG_KEXINIT with the same list ten times.
std::string key_exchange(const std::string& list) {
  std::string payload = "\x14" + std::string(16, 'c');
  for (int i = 0; i < 10; ++i) payload += list;
  return packet(payload + std::string(5, '\0'));
}

std::string disconnect(const std::string& reason) {
  return packet("\x01" + number_32(2) + text(reason) + text(""));
}

}  // namespace

Greeting hostile_greeting(unsigned number) {
  std::mt19937 random(number);
  const auto noise = [&](std::size_t size) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    return bytes;
  };
  const unsigned variant = number / 20;
  const std::string escapes = fmt::format("\033]0;title {}\007\033[2J\033[{}m\r", variant, variant);
  const std::uint32_t absurd[] = {0xffffffff, 0x7fffffff, 0x80000000, 0, 1, 4, 262'145, 35'001, 0xfffffffc, 16'777'216};
  const std::uint32_t length = absurd[variant % std::size(absurd)];
  switch (number % 20) {
    case 0:
      return {"a line without end", std::string(variant + 1, 'a'), std::string(65536, 'a')};
    case 1:
      return {"a version without end", "SSH-2.0-", std::string(65536, static_cast<char>('a' + variant))};
    case 2:
      return {"lines without end", "", std::string(200 + 500 * variant, 'l') + "\r\n"};
    case 3:
      return {"a long line, then a version", std::string((variant + 1) << 17U, 'm') + "\r\n" + hello, ""};
    case 4:
      return {"NULs", std::string(1U << variant, '\0'), variant % 2 == 0 ? "" : std::string(4096, '\0')};
    case 5:
      return {"a version with NULs", "SSH-2.0-" + std::string(variant + 1, '\0') + "\r\n", ""};
    case 6:
      return {"escape sequences", escapes + "\n", ""};
    case 7:
      return {"a version of escape sequences", "SSH-" + escapes + "2.0-" + escapes + "\r\n" + disconnect(escapes), ""};
    case 8: {
      const char* versions[] = {"SSH-1.0-a", "SSH-1.99-a", "SSH-9.9-a",
                                "SSH-",      "SSH--",      "SSH-2",
                                "SSH-2.0",   "ssh-2.0-a",  "HTTP/1.1 400 Bad Request",
                                "220 smtp"};
      return {"another protocol", versions[variant % std::size(versions)] + std::string("\r\n"), "", false, true};
    }
    case 9:
      return {"an absurd length of a packet", hello + number_32(length) + "\x04\x14", noise(1000)};
    case 10:
      return {"absurd lengths of lists", hello + key_exchange(number_32(length) + "abc"), ""};
    case 11:
      return {"algorithms of escape sequences", hello + key_exchange(text(escapes)), ""};
    case 12:
      return {"algorithms that nobody has", hello + key_exchange(text(std::string(3000, 'x') + ",y")), ""};
    case 13:
      return {"it hangs up at once", "", "", false, true};
    case 14:
      return {"it hangs up after some bytes", std::string(hello).substr(0, 2 * variant + 1), "", false, true};
    case 15:
      return {"a byte now and then", variant % 2 == 0 ? std::string(1000, 's') : hello + noise(100), "", true};
    case 16:
      return {"noise", noise(1 + 100 * variant), variant % 2 == 0 ? "" : noise(65536)};
    case 17:
      return {"noise in place of packets", hello + noise(1 + 100 * variant), noise(65536)};
    case 18:
      return {"farewell", hello + disconnect(variant % 2 == 0 ? escapes : std::string(30'000, 'f') + escapes), ""};
    default:
      return {"packets to ignore without end", hello, packet("\x02" + text(std::string(100U << variant % 8, 'i')))};
  }
}

HostileSshServer::HostileSshServer(std::uint16_t port, Greeting greeting)
    : greeting_(std::move(greeting)), socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const int on = 1;
  setsockopt(socket_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(socket_.get(), 16) != 0)
    throw system_error("listening");
  thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
}

void HostileSshServer::serve(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd caller{socket_.get(), POLLIN, 0};
    if (poll(&caller, 1, 20) != 1) continue;
    const UniqueFd client(accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!client) continue;
    ++connections_;
    greet(client.get(), stop);
  }
}

// Until the client has gone, or the server itself hangs up.
void HostileSshServer::greet(int client, const std::stop_token& stop) const {
  std::string_view left = greeting_.begin;
  while (!stop.stop_requested()) {
    if (left.empty()) left = greeting_.forever;
    if (left.empty() && greeting_.hangs_up) return;
    pollfd ready{client, static_cast<short>(left.empty() ? POLLRDHUP : POLLOUT | POLLRDHUP), 0};
    if (poll(&ready, 1, 20) == 0) continue;
    if ((ready.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0) return;
    const ssize_t sent = send(client, left.data(), greeting_.slow ? 1 : left.size(), MSG_NOSIGNAL);
    if (sent > 0) left.remove_prefix(static_cast<std::size_t>(sent));
    if (greeting_.slow) std::this_thread::sleep_for(std::chrono::milliseconds(between_bytes));
  }
}

}  // namespace offlab::test
