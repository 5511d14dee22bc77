#include "capture/read_ahead.h"

#include <algorithm>
#include <utility>

namespace offlab {

ReadAhead::ReadAhead(std::unique_ptr<ByteSource> source) : source_(std::move(source)), thread_([this] { run(); }) {}

ReadAhead::~ReadAhead() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void ReadAhead::run() {
  for (bool more = true; more;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return stopped_ || filled_ - emptied_ < pieces_.size(); });
    if (stopped_) return;
    Piece& piece = pieces_[filled_ % pieces_.size()];
    lock.unlock();
    std::exception_ptr failure;
    piece.size = 0;
    try {
      more = fill(piece);
    } catch (...) {
      failure = std::current_exception();
      more = false;
    }
    lock.lock();
    if (piece.size > 0) ++filled_;
    ended_ = !more;
    failure_ = failure;
    lock.unlock();
    changed_.notify_all();
  }
}

// False at the end.
bool ReadAhead::fill(Piece& piece) {
  while (piece.size < piece.bytes.size()) {
    const std::size_t got = source_->read(std::span(piece.bytes).subspan(piece.size));
    if (got == 0) return false;
    piece.size += got;
  }
  return true;
}

std::size_t ReadAhead::read(std::span<std::uint8_t> room) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return ended_ || filled_ > emptied_; });
  if (filled_ == emptied_) {
    if (failure_) std::rethrow_exception(failure_);
    return 0;
  }
  const Piece& piece = pieces_[emptied_ % pieces_.size()];
  lock.unlock();
  const std::size_t size = std::min(room.size(), piece.size - taken_);
  std::copy_n(piece.bytes.begin() + static_cast<std::ptrdiff_t>(taken_), size, room.begin());
  taken_ += size;
  if (taken_ < piece.size) return size;
  taken_ = 0;
  lock.lock();
  ++emptied_;
  lock.unlock();
  changed_.notify_all();
  return size;
}

}  // namespace offlab
