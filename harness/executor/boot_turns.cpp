#include "executor/boot_turns.h"

#include "base/error.h"

namespace offlab {

BootTurns::Turn::~Turn() {
  const std::lock_guard lock(turns_.mutex_);
  ++turns_.free_;
  turns_.change_.notify_all();
}

std::unique_ptr<BootTurns::Turn> BootTurns::wait(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  if (!change_.wait(lock, stop, [&] { return free_ > 0; })) throw Interrupted();
  --free_;
  return std::make_unique<Turn>(*this);
}

}  // namespace offlab
