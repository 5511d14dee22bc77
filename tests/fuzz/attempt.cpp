#include "fuzz/attempt.h"

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <typeinfo>

#include <unistd.h>

#include "base/clean_text.h"
#include "base/error.h"
#include "base/usage_error.h"

// Only there in programs with a sanitizer, which ends them by itself.
// NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));

namespace offlab::fuzz {
namespace {

constexpr unsigned slowest_allowed = 10;  // seconds; with sanitizers, on a busy machine
constexpr std::array<int, 6> deadly = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGALRM};

// Of what is tried at the moment, for a handler that may not allocate.
std::array<char, 1000> tried{};
std::array<struct sigaction, 32> former{};

void say_what_is_tried() {
  [[maybe_unused]] const ssize_t wrote = write(STDERR_FILENO, tried.data(), std::strlen(tried.data()));
}

// The fault comes again, and goes to whoever would have had it.
void on_deadly_signal(int number) {
  say_what_is_tried();
  sigaction(number, &former.at(static_cast<std::size_t>(number)), nullptr);
  if (number == SIGALRM || number == SIGABRT) raise(number);
}

void watch_for_the_end() {
  static const bool once = [] {
    static std::array<char, 65536> stack;  // where the usual one ran out
    const stack_t other{.ss_sp = stack.data(), .ss_flags = 0, .ss_size = stack.size()};
    sigaltstack(&other, nullptr);
    struct sigaction action {};
    action.sa_handler = on_deadly_signal;
    action.sa_flags = SA_ONSTACK;
    for (const int number : deadly) sigaction(number, &action, &former.at(static_cast<std::size_t>(number)));
    if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(say_what_is_tried);
    return true;
  }();
  static_cast<void>(once);
}

class Watch {
 public:
  explicit Watch(const std::string& name) {
    const std::string text = "\nwhile trying " + clean_line(name) + "\n";
    std::strncpy(tried.data(), text.c_str(), tried.size() - 1);
    alarm(slowest_allowed);
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() {
    alarm(0);
    tried.front() = '\0';
  }
};

unsigned number_from(const char* variable, unsigned otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr || *text == '\0' ? otherwise : static_cast<unsigned>(std::stoul(text));
}

}  // namespace

unsigned mutations() {
  static const unsigned number = number_from("OFFLAB_MUTATIONS", 10'000);
  return number;
}

unsigned first_seed() {
  static const unsigned number = number_from("OFFLAB_SEED", 0);
  return number;
}

std::optional<std::string> refusal_of(const std::string& name, const std::function<void()>& body) {
  watch_for_the_end();
  const Watch watch(name);
  std::string text;
  try {
    body();
    return std::nullopt;
  } catch (const Error& error) {
    text = error.what();
    EXPECT_EQ(text, clean_line(text)) << name;
  } catch (const UsageError& error) {
    text = error.what();
    EXPECT_EQ(text, clean_text(text)) << name;
  } catch (const std::exception& error) {
    ADD_FAILURE() << name << ": " << typeid(error).name() << ": " << error.what();
  }
  EXPECT_FALSE(text.empty()) << name;
  return text;
}

void Tally::expect_both() const {
  const unsigned all = accepted + refused;
  if (all < 1000) return;
  EXPECT_GT(accepted, all / 50) << refused << " were refused";
  EXPECT_GT(refused, all / 50) << accepted << " were accepted";
}

}  // namespace offlab::fuzz
