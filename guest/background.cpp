// offlab-background: load beside the flow that is measured, from a sender that makes a storm of errors worse, and a
// sink for it. It runs in guests of a lab only and is put into every image.
//
//   offlab-background send --interface NIC --address ADDRESS --port PORT --streams N --object N --every MS
//                          --rate BITS/S --segments N --seconds N --bytes N
//     answers for ADDRESS and takes N connections on it. When all are up, each is sent an object of N bytes every MS
//     milliseconds, by a stack that behaves as BSD-derived ones do when a router answers "fragmentation needed"
//     (bsd_stream.h says how, with its sources), and at most BITS/S altogether. Frames hold up to N segments
//     (--segments): the NIC, or who cuts them below it, sees them as those of any sender with TSO.
//   offlab-background receive --address ADDRESS --port PORT --streams N --seconds N --bytes N
//     N ordinary connections to it, read and thrown away.
//
// Every word is required: nothing runs without a bound of its rate, time and bytes. It ends as well when its stdin
// does, which is the SSH session that started it. It refuses to run where QEMU's firmware interface has no keys of a
// lab, on a NIC whose MAC address a lab did not give, and for addresses outside of 198.18.0.0/15.
#include "background.h"

#include <array>
#include <atomic>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include <arpa/inet.h>
#include <unistd.h>

namespace offlab::guest {
namespace {

constexpr int usage_status = 2;
constexpr const char* keys_of_lab = "/sys/firmware/qemu_fw_cfg/by_name/opt/org.offlab/authorized_keys/raw";

std::atomic<bool> signalled = false;

void note_signal(int) {
  signalled = true;
}

}  // namespace

bool is_lab_guest() {
  return access(keys_of_lab, F_OK) == 0;
}

bool is_lab_address(std::uint32_t address) {
  return address >> 17U == 0xC6120000U >> 17U;
}

std::uint64_t now() {
  timespec time = {};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(time.tv_nsec) / 1000;
}

Control::Control() {
  struct sigaction action = {};
  action.sa_handler = note_signal;
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaction(signal, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

const char* Control::end(bool stdin_is_ready) {
  if (signalled) return "signal";
  std::array<char, 256> ignored;
  if (stdin_is_ready && read(STDIN_FILENO, ignored.data(), ignored.size()) <= 0) return "input";
  return nullptr;
}

namespace {

// The words behind the first one, as pairs of name and value.
class Words {
 public:
  Words(int count, char** words) : count_(count), words_(words) {}

  const char* text(const char* name) {
    for (int i = 2; i + 1 < count_; i += 2)
      if (std::strncmp(words_[i], "--", 2) == 0 && std::strcmp(words_[i] + 2, name) == 0) return words_[i + 1];
    std::fprintf(stderr, "offlab-background: --%s is missing\n", name);
    wrong_ = true;
    return "";
  }

  std::uint64_t number(const char* name, std::uint64_t low, std::uint64_t high) {
    const char* word = text(name);
    if (*word == '\0') return 0;
    char* end = nullptr;
    errno = 0;
    const unsigned long long value = std::strtoull(word, &end, 10);
    if (errno == 0 && std::isdigit(static_cast<unsigned char>(*word)) != 0 && *end == '\0' && value >= low &&
        value <= high)
      return value;
    std::fprintf(stderr, "offlab-background: --%s is '%s', not a number from %llu to %llu\n", name, word,
                 static_cast<unsigned long long>(low), static_cast<unsigned long long>(high));
    wrong_ = true;
    return 0;
  }

  std::uint32_t address(const char* name) {
    const char* word = text(name);
    in_addr parsed = {};
    if (*word == '\0') return 0;
    if (inet_pton(AF_INET, word, &parsed) == 1 && is_lab_address(ntohl(parsed.s_addr))) return ntohl(parsed.s_addr);
    std::fprintf(stderr, "offlab-background: --%s is '%s', not an address in 198.18.0.0/15\n", name, word);
    wrong_ = true;
    return 0;
  }

  bool are_wrong() const { return wrong_ || count_ % 2 != 0; }

 private:
  int count_;
  char** words_;
  bool wrong_ = false;
};

Bounds bounds_of(Words& words) {
  return {words.number("seconds", 1, 3600), words.number("bytes", 1, 100'000'000'000)};
}

int send(Words words) {
  SenderOptions options;
  options.interface = words.text("interface");
  options.address = words.address("address");
  options.port = static_cast<std::uint16_t>(words.number("port", 1, 65535));
  options.streams = static_cast<unsigned>(words.number("streams", 1, most_streams));
  options.rate = words.number("rate", 8'000, 10'000'000'000);
  options.object = static_cast<std::uint32_t>(words.number("object", 1, 65535));
  options.every = words.number("every", 1, 60'000);
  options.segments = static_cast<unsigned>(words.number("segments", 1, most_segments));
  options.bounds = bounds_of(words);
  return words.are_wrong() ? usage_status : run_sender(options);
}

int receive(Words words) {
  SinkOptions options;
  options.address = words.address("address");
  options.port = static_cast<std::uint16_t>(words.number("port", 1, 65535));
  options.streams = static_cast<unsigned>(words.number("streams", 1, most_streams));
  options.bounds = bounds_of(words);
  return words.are_wrong() ? usage_status : run_sink(options);
}

int run(int count, char** words) {
  if (!is_lab_guest()) {
    std::fputs("offlab-background: this is no guest of a lab\n", stderr);
    return usage_status;
  }
  const char* what = count > 1 ? words[1] : "";
  if (std::strcmp(what, "send") == 0) return send(Words(count, words));
  if (std::strcmp(what, "receive") == 0) return receive(Words(count, words));
  std::fputs("usage: offlab-background send|receive --NAME VALUE...\n", stderr);
  return usage_status;
}

}  // namespace
}  // namespace offlab::guest

int main(int count, char** words) {
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  return offlab::guest::run(count, words);
}
