// Ownership of C resources.
#pragma once

#include <memory>
#include <utility>

namespace offlab {

template <auto release>
struct Deleter {
  template <typename T>
  void operator()(T* resource) const {
    release(resource);
  }
};

// unique_ptr that frees with the C function `release`.
template <typename T, auto release>
using Handle = std::unique_ptr<T, Deleter<release>>;

// An owned file descriptor; -1 is none.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    reset(std::exchange(other.fd_, -1));
    return *this;
  }
  ~UniqueFd() { reset(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }
  void reset(int fd = -1);

 private:
  int fd_ = -1;
};

}  // namespace offlab
