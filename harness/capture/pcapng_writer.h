// Writes capture files in pcapng, with what the kernel said about a frame's segmentation as the packet's comment:
// "vnet_hdr: gso=tcp4 size=1448 csum". Wireshark shows it beside the frame; open_capture_file reads it back.
// Format: draft-ietf-opsawg-pcapng.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

#include "base/handle.h"
#include "model/frame.h"

namespace offlab {

class PcapngWriter {
 public:
  struct Interface {
    std::string name;
    std::string description;
    std::uint32_t snap_length = 192;
    std::string section_comment = {};  // in the file's section header
    bool has_segment_sizes = true;     // false: frames came from a capture that does not know them
    bool has_directions = true;        // of all frames; false: each says whether it has one
  };

  // Throws Error when the file cannot be made.
  PcapngWriter(const std::filesystem::path& file, const Interface& interface);
  // Into a stream that is open; `name` is for messages.
  PcapngWriter(Handle<std::FILE, std::fclose> stream, const std::string& name, const Interface& interface);

  // A further interface, of this name; the first one is that of the constructor. Returns its number.
  std::uint16_t add_interface(const std::string& name);

  // Of the interface that the frame names, or of the first one where there is no such.
  void write(const Frame& frame);
  // What was written is with the reader when this returns. Throws Error.
  void flush();
  // Ends the file with the first interface's statistics. Throws Error when something could not be written (disk full).
  void finish(std::uint64_t received, std::uint64_t dropped);
  std::uint64_t bytes_written() const { return bytes_; }

 private:
  using Vnet = std::tuple<GsoType, std::uint16_t, bool>;  // gso, gso_size, needs_checksum

  // What follows a frame's bytes.
  struct Options {
    Vnet vnet;
    std::vector<std::uint8_t> bytes;
  };

  const std::vector<std::uint8_t>& options_of(const Frame& frame);
  void put_interface(const std::string& name);
  void put(const std::vector<std::uint8_t>& block);

  std::filesystem::path path_;
  Handle<std::FILE, std::fclose> file_;
  std::vector<std::uint8_t> block_;
  Interface interface_;
  std::uint16_t interfaces_ = 0;
  std::array<Options, 3> options_;  // of the last frame from the guest, to it, and without a direction
  std::uint64_t bytes_ = 0;
  std::int64_t last_time_ns_ = 0;
};

}  // namespace offlab
