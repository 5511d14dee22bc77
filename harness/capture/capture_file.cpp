#include "capture/capture_file.h"

#include <array>
#include <utility>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>

#include "capture/decoded_bytes.h"
#include "capture/pcap_reader.h"
#include "capture/pcapng_reader.h"
#include "capture/read_ahead.h"

namespace offlab {
namespace {

constexpr std::size_t magic_size = 6;

// Formats that users may well hand us, by their first bytes.
struct OtherFormat {
  std::string_view magic;
  std::string_view name;
  std::string_view remedy;
};

using namespace std::string_view_literals;
constexpr std::string_view convert = "convert it: editcap -F pcapng FILE NEW.pcapng";
constexpr std::array<OtherFormat, 5> other_formats = {
    {{"PK\3\4"sv, "a ZIP archive", "unpack it first: unzip FILE"},
     {"7z\xbc\xaf\x27"sv, "a 7z archive", "unpack it first: 7z x FILE"},
     {"\x1f\x9d"sv, "compressed by compress", "unpack it first: gzip -d FILE"},
     {"snoop\0"sv, "a capture of snoop", convert},
     {"GMBU"sv, "a capture of Network Monitor", convert}}};

Error unknown_format(const std::string& name, std::span<const std::uint8_t> start) {
  if (const auto compression = compression_of(start))
    return Error(fmt::format("{} is compressed twice", name),
                 fmt::format("unpack it once; what comes of it is unpacked by {} -d FILE", name_of(*compression)));
  const std::string_view text(reinterpret_cast<const char*>(start.data()), start.size());
  for (const OtherFormat& format : other_formats)
    if (text.substr(0, format.magic.size()) == format.magic)
      return Error(fmt::format("{} is {}", name, format.name), format.remedy);
  return Error(fmt::format("{} is neither a pcap nor a pcapng file", name),
               "what tcpdump prints is no capture: tcpdump -w FILE writes one; if Wireshark can read it, convert it: "
               "editcap -F pcapng FILE NEW.pcapng");
}

std::unique_ptr<CaptureFile> read_capture(CaptureStream stream) {
  if (stream.at_end()) throw EmptyCapture(fmt::format("{} is empty", stream.name()));
  const auto start = stream.peek(4);
  if (start.empty()) throw TruncatedCapture(fmt::format("{} is too short for a capture", stream.name()), 0);
  if (PcapngBlocks::recognises(start)) return std::make_unique<PcapngReader>(std::move(stream));
  if (PcapReader::recognises(start)) return std::make_unique<PcapReader>(std::move(stream));
  throw unknown_format(stream.name(), stream.peek(magic_size));
}

// Unpacking takes longer than reading what was packed: two processors share the work of a file for which that is worth
// it. A thread could not be ended while it waits for a pipe, whose other end is a program of its own anyway.
std::unique_ptr<ByteSource> decoded(Compression compression, std::unique_ptr<ByteSource> packed, std::uint64_t size) {
  constexpr std::uint64_t worth_a_thread = 256U << 10U;
  auto bytes = std::make_unique<DecodedBytes>(compression, std::move(packed));
  if (size < worth_a_thread) return bytes;
  return std::make_unique<ReadAhead>(std::move(bytes));
}

}  // namespace

std::unique_ptr<CaptureFile> open_capture_file(const std::filesystem::path& file) {
  UniqueFd opened(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!opened) throw system_error(fmt::format("opening {}", file.string()));
  return open_capture_file(std::move(opened), file);
}

std::unique_ptr<CaptureFile> open_capture_file(UniqueFd file, const std::filesystem::path& name) {
  struct stat status {};
  const bool is_regular = fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode);
  const std::uint64_t size = is_regular ? static_cast<std::uint64_t>(status.st_size) : 0;
  auto bytes = std::make_unique<FileBytes>(std::move(file), name.string());
  if (const auto compression = compression_of(bytes->start()))
    return read_capture(
        CaptureStream(decoded(*compression, std::move(bytes), size), name, CaptureStream::capacity, true));
  return read_capture(CaptureStream(std::move(bytes), name, is_regular ? size : CaptureStream::capacity));
}

}  // namespace offlab
