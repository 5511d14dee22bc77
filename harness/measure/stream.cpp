#include "measure/stream.h"

#include <fmt/core.h>

namespace offlab {
namespace {

std::string why_incomplete(const StreamOutput& seen) {
  if (!seen.trouble.empty()) return seen.trouble;
  if (seen.sent_sha256.empty() || seen.received_sha256.empty()) return "a digest is missing";
  if (seen.asked_bytes == 0) return "nothing was asked for";
  if (seen.received_bytes < seen.asked_bytes)
    return fmt::format("{} of {} bytes", seen.received_bytes, seen.asked_bytes);
  return {};
}

}  // namespace

StreamMeasurement measure_stream(const StreamOutput& seen) {
  StreamMeasurement stream;
  stream.bytes = seen.asked_bytes;
  stream.sent_sha256 = seen.sent_sha256;
  stream.received_sha256 = seen.received_sha256;
  stream.trouble = why_incomplete(seen);
  stream.complete = stream.trouble.empty();
  // Bytes that nobody sent are a difference as well.
  stream.equal = stream.complete && seen.received_bytes == seen.asked_bytes && seen.sent_sha256 == seen.received_sha256;
  return stream;
}

}  // namespace offlab
