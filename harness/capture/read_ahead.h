// Bytes that a thread of its own reads, a little ahead of whoever uses them.
#pragma once

#include <array>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "capture/byte_source.h"

namespace offlab {

class ReadAhead : public ByteSource {
 public:
  // `source` must not wait for anybody: the destructor waits until its read() is over. It is used by the thread alone.
  explicit ReadAhead(std::unique_ptr<ByteSource> source);
  ReadAhead(const ReadAhead&) = delete;
  ~ReadAhead() override;

  std::size_t read(std::span<std::uint8_t> room) override;

 private:
  static constexpr std::size_t piece_size = 256U << 10U;

  struct Piece {
    std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(piece_size);
    std::size_t size = 0;
  };

  void run();
  bool fill(Piece& piece);

  std::unique_ptr<ByteSource> source_;
  std::array<Piece, 4> pieces_;
  std::size_t taken_ = 0;  // bytes of the piece that is read now

  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t filled_ = 0;  // pieces, since the beginning
  std::size_t emptied_ = 0;
  bool ended_ = false;
  bool stopped_ = false;
  std::exception_ptr failure_;  // behind the last piece

  std::thread thread_;
};

}  // namespace offlab
