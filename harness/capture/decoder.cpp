#include "capture/decoder.h"

#include <algorithm>
#include <array>
#include <new>
#include <string>

#include <bzlib.h>
#include <fmt/core.h>
#include <isa-l/igzip_lib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/error.h"
#include "base/handle.h"
#include "capture/byte_source.h"

namespace offlab {
namespace {

using Packed = std::span<const std::uint8_t>;
using Room = std::span<std::uint8_t>;

constexpr int largest_window_log = 27;  // 128 MB: what xz -9 and zstd -19 need, and more

struct Format {
  Compression compression;
  std::string_view name;
  std::string_view magic;
};

using namespace std::string_view_literals;
constexpr std::array<Format, 5> formats = {{{Compression::gzip, "gzip", "\x1f\x8b"sv},
                                            {Compression::xz, "xz", "\xfd\x37zXZ\0"sv},
                                            {Compression::zstd, "zstd", "\x28\xb5\x2f\xfd"sv},
                                            {Compression::lz4, "lz4", "\x04\x22\x4d\x18"sv},
                                            {Compression::bzip2, "bzip2", "BZh"sv}}};

BrokenOff damaged(Compression compression, std::string_view what) {
  return BrokenOff(fmt::format("its {} data is damaged ({})", name_of(compression), what));
}

BrokenOff too_large(Compression compression) {
  return BrokenOff(fmt::format("its {} data needs more than 128 MB of memory to be unpacked", name_of(compression)),
                   fmt::format("unpack it first: {} -d FILE", name_of(compression)));
}

void pass_over(Packed& packed, Room& room, std::size_t packed_left, std::size_t room_left) {
  packed = packed.last(packed_left);
  room = room.last(room_left);
}

// The libraries count in 32 bits; what we give them is far smaller.
unsigned small(std::size_t size) {
  return static_cast<unsigned>(std::min<std::size_t>(size, 1U << 30U));
}

std::string_view reason_of(int isal_error) {
  switch (isal_error) {
    case ISAL_INVALID_BLOCK:
      return "impossible block";
    case ISAL_INVALID_SYMBOL:
      return "impossible code";
    case ISAL_INVALID_LOOKBACK:
      return "it refers to what was not there";
    case ISAL_INVALID_WRAPPER:
    case ISAL_UNSUPPORTED_METHOD:
      return "impossible header";
    case ISAL_INCORRECT_CHECKSUM:
      return "wrong checksum";
    default:
      return "it needs a dictionary";
  }
}

class GzipDecoder : public Decoder {
 public:
  GzipDecoder() {
    isal_inflate_init(&state_);
    state_.crc_flag = ISAL_GZIP;
  }

  bool decode(Packed& packed, Room& room) override {
    if (given_back_ > 0) {
      Packed first = Packed(taken_).last(given_back_);
      given_back_ = 0;
      if (inflate(first, room)) return true;
      given_back_ = first.size();
      if (given_back_ > 0) return false;  // there is no room
    }
    return inflate(packed, room);
  }
  void restart() override { isal_inflate_reset(&state_); }

 private:
  // The library reads up to eight bytes ahead and gives back what it did not need at the end of a stream, also what it
  // was given the time before.
  bool inflate(Packed& packed, Room& room) {
    state_.next_in = const_cast<std::uint8_t*>(packed.data());  // it only reads
    state_.avail_in = small(packed.size());
    state_.next_out = room.data();
    state_.avail_out = small(room.size());
    const int result = isal_inflate(&state_);
    const std::size_t left = std::min<std::size_t>(state_.avail_in, packed.size());
    const std::size_t given_back = state_.avail_in - left;
    remember(packed.first(packed.size() - left));
    pass_over(packed, room, left, state_.avail_out);
    if (result != ISAL_DECOMP_OK) throw damaged(Compression::gzip, reason_of(result));
    const bool is_end = state_.block_state == ISAL_BLOCK_FINISH;
    if (is_end) given_back_ = std::min(given_back, taken_.size());
    return is_end;
  }

  void remember(Packed taken) {
    for (const std::uint8_t byte : taken.last(std::min(taken.size(), taken_.size()))) {
      std::copy(taken_.begin() + 1, taken_.end(), taken_.begin());
      taken_.back() = byte;
    }
  }

  inflate_state state_ = {};
  std::array<std::uint8_t, 8> taken_ = {};  // the last bytes
  std::size_t given_back_ = 0;              // of them
};

class XzDecoder : public Decoder {
 public:
  XzDecoder() { begin(); }
  XzDecoder(const XzDecoder&) = delete;
  ~XzDecoder() override { lzma_end(&stream_); }

  bool decode(Packed& packed, Room& room) override {
    stream_.next_in = packed.data();
    stream_.avail_in = packed.size();
    stream_.next_out = room.data();
    stream_.avail_out = room.size();
    const lzma_ret result = lzma_code(&stream_, LZMA_RUN);
    pass_over(packed, room, stream_.avail_in, stream_.avail_out);
    if (result == LZMA_MEM_ERROR) throw std::bad_alloc();
    if (result == LZMA_MEMLIMIT_ERROR) throw too_large(Compression::xz);
    if (result == LZMA_OPTIONS_ERROR) throw damaged(Compression::xz, "an option that is not known");
    if (result != LZMA_OK && result != LZMA_BUF_ERROR && result != LZMA_STREAM_END)
      throw damaged(Compression::xz, "wrong checksum or impossible code");
    return result == LZMA_STREAM_END;
  }
  void restart() override { begin(); }

 private:
  void begin() {
    if (lzma_stream_decoder(&stream_, std::uint64_t{1} << largest_window_log, 0) != LZMA_OK) throw std::bad_alloc();
  }

  lzma_stream stream_ = LZMA_STREAM_INIT;
};

class ZstdDecoder : public Decoder {
 public:
  ZstdDecoder() : context_(ZSTD_createDCtx()) {
    if (!context_) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, largest_window_log);
  }

  bool decode(Packed& packed, Room& room) override {
    ZSTD_inBuffer in = {packed.data(), packed.size(), 0};
    ZSTD_outBuffer out = {room.data(), room.size(), 0};
    const std::size_t result = ZSTD_decompressStream(context_.get(), &out, &in);
    pass_over(packed, room, in.size - in.pos, out.size - out.pos);
    const ZSTD_ErrorCode error = ZSTD_getErrorCode(result);
    if (error == ZSTD_error_memory_allocation) throw std::bad_alloc();
    if (error == ZSTD_error_frameParameter_windowTooLarge) throw too_large(Compression::zstd);
    if (error != ZSTD_error_no_error) throw damaged(Compression::zstd, ZSTD_getErrorName(result));
    return result == 0;
  }
  void restart() override { ZSTD_DCtx_reset(context_.get(), ZSTD_reset_session_only); }

 private:
  Handle<ZSTD_DCtx, ZSTD_freeDCtx> context_;
};

class Lz4Decoder : public Decoder {
 public:
  Lz4Decoder() {
    LZ4F_dctx* context = nullptr;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)) != 0) throw std::bad_alloc();
    context_.reset(context);
  }

  bool decode(Packed& packed, Room& room) override {
    std::size_t taken = packed.size();
    std::size_t written = room.size();
    const std::size_t result = LZ4F_decompress(context_.get(), room.data(), &written, packed.data(), &taken, nullptr);
    if (LZ4F_isError(result) != 0) throw damaged(Compression::lz4, LZ4F_getErrorName(result));
    pass_over(packed, room, packed.size() - taken, room.size() - written);
    return result == 0;
  }
  void restart() override { LZ4F_resetDecompressionContext(context_.get()); }

 private:
  Handle<LZ4F_dctx, LZ4F_freeDecompressionContext> context_;
};

class Bzip2Decoder : public Decoder {
 public:
  Bzip2Decoder() { begin(); }
  Bzip2Decoder(const Bzip2Decoder&) = delete;
  ~Bzip2Decoder() override { BZ2_bzDecompressEnd(&stream_); }

  bool decode(Packed& packed, Room& room) override {
    // Its interface knows no const; it only reads.
    stream_.next_in = const_cast<char*>(reinterpret_cast<const char*>(packed.data()));
    stream_.avail_in = small(packed.size());
    stream_.next_out = reinterpret_cast<char*>(room.data());
    stream_.avail_out = small(room.size());
    const int result = BZ2_bzDecompress(&stream_);
    pass_over(packed, room, stream_.avail_in, stream_.avail_out);
    if (result == BZ_MEM_ERROR) throw std::bad_alloc();
    if (result != BZ_OK && result != BZ_STREAM_END)
      throw damaged(Compression::bzip2, "wrong checksum or impossible code");
    return result == BZ_STREAM_END;
  }
  void restart() override {
    BZ2_bzDecompressEnd(&stream_);
    begin();
  }

 private:
  void begin() {
    stream_ = {};
    if (BZ2_bzDecompressInit(&stream_, 0, 0) != BZ_OK) throw std::bad_alloc();
  }

  bz_stream stream_ = {};
};

}  // namespace

std::optional<Compression> compression_of(std::span<const std::uint8_t> start) {
  const std::string_view text(reinterpret_cast<const char*>(start.data()), start.size());
  for (const Format& format : formats)
    if (text.substr(0, format.magic.size()) == format.magic) return format.compression;
  return std::nullopt;
}

std::string_view name_of(Compression compression) {
  for (const Format& format : formats)
    if (format.compression == compression) return format.name;
  return "compressed";
}

std::unique_ptr<Decoder> make_decoder(Compression compression) {
  switch (compression) {
    case Compression::gzip:
      return std::make_unique<GzipDecoder>();
    case Compression::xz:
      return std::make_unique<XzDecoder>();
    case Compression::zstd:
      return std::make_unique<ZstdDecoder>();
    case Compression::lz4:
      return std::make_unique<Lz4Decoder>();
    case Compression::bzip2:
      return std::make_unique<Bzip2Decoder>();
  }
  throw Error("a format of compression that is not known");
}

}  // namespace offlab
