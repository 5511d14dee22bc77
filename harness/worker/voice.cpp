#include "worker/voice.h"

#include <iostream>
#include <thread>

#include "base/error.h"
#include "base/version.h"
#include "cache/memory_reservation.h"

namespace offlab {

void Voice::say(const Message& message) {
  const std::string line = paths_.in(message_to_line(message)) + "\n";
  const std::lock_guard lock(mutex_);
  std::cout << line << std::flush;
}

void Voice::say_hello() {
  say(message::Hello{message::protocol, std::string(program_version()), std::thread::hardware_concurrency(),
                     host_memory()});
}

int Voice::guard(const std::function<void()>& work) {
  try {
    work();
    return 0;
  } catch (const Error& error) {
    say(message::Failed{error.what(), error.remedy()});
  } catch (const std::exception& error) {
    say(message::Failed{error.what()});
  }
  return 3;
}

}  // namespace offlab
