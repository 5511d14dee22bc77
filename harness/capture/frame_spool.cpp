#include "capture/frame_spool.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include "base/error.h"
#include "capture/ip_header.h"

namespace offlab {
namespace {

constexpr std::size_t buffer_size = 128U << 10U;

// What stands before the bytes of each frame.
struct Record {
  std::int64_t time_ns;
  std::uint32_t length;
  std::uint32_t link_index;
  std::uint16_t interface;
  std::uint16_t gso_size;
  std::uint16_t bytes;
  GsoType gso;
  bool has_direction;
  bool to_guest;
  bool has_vnet;
  bool needs_checksum;
};
static_assert(sizeof(Record) == 32);

// Of TCP in plain IP nothing behind its header is needed: most frames are of this kind.
std::size_t headers_of(std::span<const std::uint8_t> frame) {
  constexpr std::size_t ethernet = 14;
  constexpr std::size_t shortest = ethernet + 20 + 20;
  if (frame.size() < shortest || frame[12] != 0x08 || frame[13] != 0 || frame[ethernet] >> 4U != 4 ||
      frame[ethernet + 9] != protocol_tcp)
    return FrameSpool::kept_bytes;
  const std::size_t tcp = ethernet + std::size_t{frame[ethernet] & 0x0fU} * 4;
  if (frame.size() < tcp + 20) return FrameSpool::kept_bytes;
  return tcp + std::size_t{frame[tcp + 12]} / 16 * 4;
}

Record record_of(const Frame& frame) {
  const auto bytes = static_cast<std::uint16_t>(FrameSpool::kept_of(frame.bytes));
  return {frame.time_ns, frame.length,        frame.link_index, frame.interface, frame.gso_size,      bytes,
          frame.gso,     frame.has_direction, frame.to_guest,   frame.has_vnet,  frame.needs_checksum};
}

void set_frame(const Record& record, Frame& frame) {
  frame.time_ns = record.time_ns;
  frame.length = record.length;
  frame.link_index = record.link_index;
  frame.interface = record.interface;
  frame.has_direction = record.has_direction;
  frame.to_guest = record.to_guest;
  frame.has_vnet = record.has_vnet;
  frame.gso = record.gso;
  frame.gso_size = record.gso_size;
  frame.needs_checksum = record.needs_checksum;
}

std::string folder_for_temporary_files() {
  const char* folder = std::getenv("TMPDIR");
  return folder != nullptr && *folder != '\0' ? folder : "/tmp";
}

Error spool_error(std::string_view action, int number) {
  const std::string folder = folder_for_temporary_files();
  const Error reason = system_error(fmt::format("{} a temporary file in {}", action, folder), number);
  const bool is_full = number == ENOSPC || number == EDQUOT;
  return Error(reason.what(), is_full ? "free some space there, or name another folder: TMPDIR=FOLDER" : "");
}

UniqueFd temporary_file() {
  std::string name = folder_for_temporary_files();
  UniqueFd file(open(name.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file) return file;
  name += "/offlab-XXXXXX";  // some file systems know no files without a name
  file.reset(mkostemp(name.data(), O_CLOEXEC));
  if (!file) throw spool_error("making", errno);
  unlink(name.c_str());
  return file;
}

}  // namespace

std::size_t FrameSpool::kept_of(std::span<const std::uint8_t> frame) {
  return std::min({frame.size(), kept_bytes, headers_of(frame)});
}

FrameSpool::FrameSpool()
    : file_(temporary_file()), buffer_(std::make_unique_for_overwrite<std::uint8_t[]>(buffer_size)) {}

void FrameSpool::append(const Frame& frame) {
  const Record record = record_of(frame);
  if (buffered_ + sizeof record + record.bytes > buffer_size) flush();
  std::memcpy(buffer_.get() + buffered_, &record, sizeof record);
  if (record.bytes > 0) std::memcpy(buffer_.get() + buffered_ + sizeof record, frame.bytes.data(), record.bytes);
  buffered_ += sizeof record + record.bytes;
  size_ += sizeof record + record.bytes;
}

void FrameSpool::flush() {
  std::size_t written = 0;
  while (written < buffered_) {
    const ssize_t got = write(file_.get(), buffer_.get() + written, buffered_ - written);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw spool_error("writing", errno);
    written += static_cast<std::size_t>(got);
  }
  buffered_ = 0;
}

FrameSpool::Reader::Reader(FrameSpool& spool)
    : spool_(&spool), buffer_(std::make_unique_for_overwrite<std::uint8_t[]>(buffer_size)) {}

bool FrameSpool::Reader::next(Frame& frame) {
  if (at_ == spool_->size_) return false;
  Record record;
  std::memcpy(&record, peek(sizeof record).data(), sizeof record);
  set_frame(record, frame);
  frame.bytes = peek(sizeof record + record.bytes).subspan(sizeof record);
  at_ += sizeof record + record.bytes;
  return true;
}

// The next bytes of the file, which are there.
std::span<const std::uint8_t> FrameSpool::Reader::peek(std::size_t size) {
  if (at_ >= buffered_from_ && at_ + size <= buffered_from_ + buffered_)
    return {buffer_.get() + (at_ - buffered_from_), size};
  if (at_ + size > spool_->size_ - spool_->buffered_) spool_->flush();
  buffered_from_ = at_;
  buffered_ = 0;
  while (buffered_ < size) {
    const ssize_t got = pread(spool_->file_.get(), buffer_.get() + buffered_, buffer_size - buffered_,
                              static_cast<off_t>(at_ + buffered_));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw spool_error("reading", errno);
    if (got == 0) throw Error("a temporary file ended early");
    buffered_ += static_cast<std::size_t>(got);
  }
  return {buffer_.get(), size};
}

}  // namespace offlab
