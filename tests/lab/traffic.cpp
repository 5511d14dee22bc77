// Ordinary TCP traffic, step by step, for labs that stay (ci/ordinary-captures.sh). Runs in guests: static, and without
// anything of offlab.
//
//     traffic listen PORT STEP...             takes one connection
//     traffic connect ADDRESS PORT STEP...
//
//     buffer:BYTES    receive buffer (SO_RCVBUF), wherever it stands
//     pace:BYTES      sends at most so many a second from here on
//     write:BYTES     gives the kernel at most so many at once from here on, and no Nagle
//     keep-alive:S    probes after so many seconds, and as often
//     send:BYTES      receive:BYTES   receive:all (until the other one ends)
//     wait:MS         end (FIN)       reset (RST)
//
// Exit status 0 when all steps were done; 1 with a line on stderr otherwise; 2 for words that it does
// not know. It is ended by SIGALRM after a minute.
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "traffic: %s: %s\n", what.c_str(), std::strerror(errno));
  std::exit(1);
}

[[noreturn]] void misuse(const std::string& what) {
  std::fprintf(stderr, "traffic: %s\n", what.c_str());
  std::exit(2);
}

long parse_number(const std::string& text) {
  long number = 0;
  const auto [end, mistake] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (mistake != std::errc() || end != text.data() + text.size() || number < 0) misuse("no number: '" + text + "'");
  return number;
}

struct Step {
  std::string name;
  std::string value;
  long number() const { return parse_number(value); }
};

Step parse_step(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return {std::string(text), ""};
  return {std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

void set_option(int socket, int level, int option, int value) {
  if (setsockopt(socket, level, option, &value, sizeof value) != 0) fail("setsockopt");
}

// An IPv4 address as one of IPv6's.
sockaddr_in6 address_of(const std::string& text, const std::string& port) {
  sockaddr_in6 address = {};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(static_cast<std::uint16_t>(parse_number(port)));
  const std::string whole = text.find(':') == std::string::npos ? "::ffff:" + text : text;
  if (inet_pton(AF_INET6, whole.c_str(), &address.sin6_addr) != 1) misuse("no address: " + text);
  return address;
}

int new_socket(const std::vector<Step>& steps) {
  const int one = socket(AF_INET6, SOCK_STREAM, 0);
  if (one < 0) fail("socket");
  set_option(one, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  for (const Step& step : steps)
    if (step.name == "buffer") set_option(one, SOL_SOCKET, SO_RCVBUF, static_cast<int>(step.number()));
  return one;
}

int accepted(const std::string& port, const std::vector<Step>& steps) {
  const int listener = new_socket(steps);
  set_option(listener, SOL_SOCKET, SO_REUSEADDR, 1);
  const sockaddr_in6 here = address_of("::", port);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0) fail("bind to " + port);
  if (listen(listener, 1) != 0) fail("listen");
  std::puts("listening");
  std::fflush(stdout);
  const int one = accept(listener, nullptr, nullptr);
  if (one < 0) fail("accept");
  close(listener);
  return one;
}

int connected(const std::string& address, const std::string& port, const std::vector<Step>& steps) {
  const int one = new_socket(steps);
  const sockaddr_in6 there = address_of(address, port);
  if (connect(one, reinterpret_cast<const sockaddr*>(&there), sizeof there) != 0) fail("connect to " + address);
  return one;
}

class Connection {
 public:
  explicit Connection(int socket) : socket_(socket) {}

  void carry_out(const Step& step) {
    if (step.name == "buffer") return;
    if (step.name == "pace")
      return set_option(socket_, SOL_SOCKET, SO_MAX_PACING_RATE, static_cast<int>(step.number()));
    if (step.name == "write") return write_at_once(step.number());
    if (step.name == "keep-alive") return keep_alive(static_cast<int>(step.number()));
    if (step.name == "send") return send_bytes(step.number());
    if (step.name == "receive") return receive_bytes(step.value == "all" ? -1 : step.number());
    if (step.name == "wait") return wait(step.number());
    if (step.name == "end") return end();
    if (step.name == "reset") return reset();
    misuse("no such step: " + step.name);
  }

 private:
  void write_at_once(long bytes) {
    chunk_ = static_cast<std::size_t>(bytes);
    set_option(socket_, IPPROTO_TCP, TCP_NODELAY, 1);
  }

  void keep_alive(int seconds) const {
    set_option(socket_, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_option(socket_, IPPROTO_TCP, TCP_KEEPIDLE, seconds);
    set_option(socket_, IPPROTO_TCP, TCP_KEEPINTVL, seconds);
  }

  void send_bytes(long bytes) {
    auto left = static_cast<std::size_t>(bytes);
    while (left > 0) {
      const ssize_t sent = write(socket_, buffer_.data(), std::min({left, chunk_, buffer_.size()}));
      if (sent < 0) fail("send");
      left -= static_cast<std::size_t>(sent);
    }
  }

  // -1: all.
  void receive_bytes(long bytes) {
    while (bytes != 0) {
      const std::size_t most = bytes < 0 ? buffer_.size() : std::min(static_cast<std::size_t>(bytes), buffer_.size());
      const ssize_t received = read(socket_, buffer_.data(), most);
      if (received < 0) fail("receive");
      if (received == 0 && bytes < 0) return;
      if (received == 0) fail("the other one ended");
      if (bytes > 0) bytes -= received;
    }
  }

  static void wait(long milliseconds) {
    const timespec time = {milliseconds / 1000, milliseconds % 1000 * 1'000'000};
    nanosleep(&time, nullptr);
  }

  void end() const {
    if (shutdown(socket_, SHUT_WR) != 0) fail("shutdown");
  }

  void reset() const {
    const linger at_once = {1, 0};
    if (setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) != 0) fail("setsockopt");
    close(socket_);
  }

  int socket_;
  std::size_t chunk_ = 65536;
  std::vector<char> buffer_ = std::vector<char>(65536, 'o');
};

}  // namespace

int main(int count, char** words) {
  std::signal(SIGPIPE, SIG_IGN);
  alarm(60);
  const std::vector<std::string> arguments(words + 1, words + count);
  const bool listens = !arguments.empty() && arguments[0] == "listen";
  const std::size_t before_steps = listens ? 2 : 3;
  if (arguments.size() < before_steps) {
    std::fprintf(stderr, "usage: traffic listen PORT STEP... | connect ADDRESS PORT STEP...\n");
    return 2;
  }
  std::vector<Step> steps;
  for (std::size_t at = before_steps; at < arguments.size(); ++at) steps.push_back(parse_step(arguments[at]));
  Connection connection(listens ? accepted(arguments[1], steps) : connected(arguments[1], arguments[2], steps));
  for (const Step& step : steps) connection.carry_out(step);
  return 0;
}
