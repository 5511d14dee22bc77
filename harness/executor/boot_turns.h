// Labs of one host that boot at the same time slow each other down, and may miss the deadlines of a boot: they take
// turns.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>

namespace offlab {

class BootTurns {
 public:
  // So many labs boot at the same time.
  explicit BootTurns(unsigned at_once) : free_(at_once) {}

  // Until it is destroyed, one lab may boot.
  class Turn {
   public:
    explicit Turn(BootTurns& turns) : turns_(turns) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn();

   private:
    BootTurns& turns_;
  };

  // Waits for one. Throws Interrupted at a stop.
  std::unique_ptr<Turn> wait(const std::stop_token& stop);

 private:
  std::mutex mutex_;
  std::condition_variable_any change_;
  unsigned free_;
};

}  // namespace offlab
