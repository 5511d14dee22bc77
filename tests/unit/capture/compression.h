// Bytes compressed by zlib, for tests that need more than the files in tests/data/captures.
#pragma once

#include <stdexcept>
#include <string>

#include <zlib.h>

namespace offlab {

inline std::string gzipped(const std::string& bytes, int level = Z_DEFAULT_COMPRESSION) {
  z_stream stream = {};
  constexpr int gzip_header = 16;
  if (deflateInit2(&stream, level, Z_DEFLATED, MAX_WBITS + gzip_header, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("no zlib");
  std::string packed(bytes.size() + bytes.size() / 100 + 1000, '\0');
  std::string input = bytes;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int result = deflate(&stream, Z_FINISH);
  packed.resize(packed.size() - stream.avail_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("zlib did not finish");
  return packed;
}

}  // namespace offlab
