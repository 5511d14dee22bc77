#include "config/parse_measure.h"

#include <fmt/core.h>

namespace offlab {
namespace {

// "3s", or a number of seconds.
std::optional<double> read_seconds(const TomlEntry* entry, double low, double high, Mistakes& mistakes) {
  const auto* text = entry == nullptr ? nullptr : std::get_if<std::string>(&entry->value.data);
  if (text == nullptr) return read_number(entry, low, high, mistakes);
  const auto seconds = parse_duration_seconds(*text);
  if (seconds && *seconds >= low && *seconds <= high) return seconds;
  mistakes.add(entry->value.position,
               seconds ? fmt::format("'{}' must be from {} to {} seconds", entry->key, low, high)
                       : fmt::format("'{}' is not a duration", *text),
               "as in \"3s\"");
  return std::nullopt;
}

// "64MB", or a number of bytes.
std::optional<ByteCount> read_capture_limit(const TomlEntry* entry, Mistakes& mistakes) {
  constexpr std::uint64_t low = 1'000'000;
  constexpr std::uint64_t high = 1'000'000'000'000;
  if (entry == nullptr) return std::nullopt;
  const auto* text = std::get_if<std::string>(&entry->value.data);
  if (text == nullptr) {
    const auto bytes = read_integer(entry, low, high, mistakes);
    return bytes ? std::optional(ByteCount{static_cast<std::uint64_t>(*bytes)}) : std::nullopt;
  }
  const auto size = parse_byte_count(*text);
  if (size && size->bytes >= low && size->bytes <= high) return size;
  mistakes.add(
      entry->value.position,
      size ? fmt::format("'{}' must be from 1 MB to 1 TB", entry->key) : fmt::format("'{}' is not a size", *text),
      "as in \"64MB\"");
  return std::nullopt;
}

}  // namespace

MeasureOptions parse_measure(const TomlEntry* entry, Mistakes& mistakes) {
  MeasureOptions options;
  const auto table = read_table(entry, mistakes);
  if (!table) return options;
  TableReader reader(*table->table, table->position, mistakes);
  const TomlEntry* snap_length = reader.find("snap_length");
  options.duration_seconds =
      read_seconds(reader.find("duration"), 0.5, 3600, mistakes).value_or(options.duration_seconds);
  options.warmup_seconds = read_seconds(reader.find("warmup"), 0, 60, mistakes).value_or(options.warmup_seconds);
  options.capture_limit = read_capture_limit(reader.find("capture_limit"), mistakes).value_or(options.capture_limit);
  options.throughput_floor =
      read_number(reader.find("throughput_floor"), 0, 1, mistakes).value_or(options.throughput_floor);
  if (const auto bytes = read_integer(snap_length, 128, 65535, mistakes))
    options.snap_length = static_cast<std::uint32_t>(*bytes);
  reader.refuse_unknown_keys();
  return options;
}

}  // namespace offlab
