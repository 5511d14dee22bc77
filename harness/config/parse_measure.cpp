#include "config/parse_measure.h"

#include <fmt/core.h>

#include "setting/shaping_text.h"
#include "setting/values.h"

namespace offlab {
namespace {

std::optional<BitRate> read_most(const TomlEntry* entry, Mistakes& mistakes) {
  const auto text = read_string(entry, mistakes);
  if (!text) return std::nullopt;
  const auto rate = parse_rate(*text);
  if (!rate)
    mistakes.add(entry->value.position, fmt::format("'{}' is not a rate", *text),
                 "as in \"200mbit\", from 8 kbit to 100 Gbit");
  return rate;
}

}  // namespace

std::optional<double> read_seconds(const TomlEntry* entry, const FileKey& key, Mistakes& mistakes) {
  const auto* text = entry == nullptr ? nullptr : std::get_if<std::string>(&entry->value.data);
  if (text == nullptr) return read_number(entry, key.low, key.high, mistakes);
  const auto seconds = parse_duration_seconds(*text);
  if (seconds && *seconds >= key.low && *seconds <= key.high) return seconds;
  mistakes.add(entry->value.position,
               seconds ? fmt::format("'{}' must be from {} to {} seconds", entry->key, key.low, key.high)
                       : fmt::format("'{}' is not a duration", *text),
               "as in \"3s\"");
  return std::nullopt;
}

std::optional<ByteCount> read_bytes(const TomlEntry* entry, const FileKey& key, Mistakes& mistakes) {
  if (entry == nullptr) return std::nullopt;
  const auto* text = std::get_if<std::string>(&entry->value.data);
  if (text == nullptr) {
    const auto bytes = read_integer(entry, key, mistakes);
    return bytes ? std::optional(ByteCount{static_cast<std::uint64_t>(*bytes)}) : std::nullopt;
  }
  const auto size = parse_byte_count(*text);
  if (size && static_cast<double>(size->bytes) >= key.low && static_cast<double>(size->bytes) <= key.high) return size;
  const auto limit = [](double bytes) { return to_string(ByteCount{static_cast<std::uint64_t>(bytes)}); };
  mistakes.add(entry->value.position,
               size ? fmt::format("'{}' must be from {} to {}", entry->key, limit(key.low), limit(key.high))
                    : fmt::format("'{}' is not a size", *text),
               "as in \"64MB\"");
  return std::nullopt;
}

MeasureOptions parse_measure(const TomlEntry* entry, Mistakes& mistakes) {
  MeasureOptions options;
  const auto table = read_table(entry, mistakes);
  if (!table) return options;
  TableReader reader(file_table("measure"), *table->table, table->position, mistakes);
  const TomlEntry* snap_length = reader.find("snap_length");
  options.duration_seconds =
      read_seconds(reader.find("duration"), reader.key("duration"), mistakes).value_or(options.duration_seconds);
  options.warmup_seconds =
      read_seconds(reader.find("warmup"), reader.key("warmup"), mistakes).value_or(options.warmup_seconds);
  options.early_stop = read_boolean(reader.find("early_stop"), mistakes).value_or(options.early_stop);
  if (const auto rounds = read_integer(reader.find("rounds"), reader.key("rounds"), mistakes))
    options.rounds = static_cast<unsigned>(*rounds);
  options.integrity_bytes = read_bytes(reader.find("integrity_bytes"), reader.key("integrity_bytes"), mistakes)
                                .value_or(options.integrity_bytes);
  options.capture_limit =
      read_bytes(reader.find("capture_limit"), reader.key("capture_limit"), mistakes).value_or(options.capture_limit);
  options.throughput_floor = read_number(reader.find("throughput_floor"), reader.key("throughput_floor").low,
                                         reader.key("throughput_floor").high, mistakes)
                                 .value_or(options.throughput_floor);
  options.reference = read_boolean(reader.find("reference"), mistakes).value_or(options.reference);
  options.reference_floor = read_number(reader.find("reference_floor"), reader.key("reference_floor").low,
                                        reader.key("reference_floor").high, mistakes)
                                .value_or(options.reference_floor);
  options.max_rate = read_most(reader.find("max_rate"), mistakes).value_or(options.max_rate);
  options.max_bytes =
      read_bytes(reader.find("max_bytes"), reader.key("max_bytes"), mistakes).value_or(options.max_bytes);
  options.max_seconds =
      read_seconds(reader.find("max_seconds"), reader.key("max_seconds"), mistakes).value_or(options.max_seconds);
  if (const auto bytes = read_integer(snap_length, reader.key("snap_length"), mistakes))
    options.snap_length = static_cast<std::uint32_t>(*bytes);
  reader.refuse_unknown_keys();
  return options;
}

Limits parse_limits(const TomlEntry* entry, Mistakes& mistakes) {
  Limits limits;
  const auto table = read_table(entry, mistakes);
  if (!table) return limits;
  TableReader reader(file_table("limits"), *table->table, table->position, mistakes);
  for (const FileLimit& limit : file_limits) {
    const FileKey& key = reader.key(limit.name());
    const auto value = limit.unit == LimitUnit::seconds
                           ? read_seconds(reader.find(key.name), key, mistakes)
                           : read_number(reader.find(key.name), key.low, key.high, mistakes);
    if (value) limits.*limit.value = *value;
  }
  const auto read_any = [&](const char* name, bool& any) {
    any = read_word(
              reader.find(name), [](std::string_view text) { return kept_any_values().parse(std::string(text)); },
              reader.key(name).words, mistakes)
              .value_or(any);
  };
  read_any("ttl", limits.any_ttl);
  read_any("dscp", limits.any_dscp);
  limits.strict = read_boolean(reader.find("strict"), mistakes).value_or(limits.strict);
  reader.refuse_unknown_keys();
  return limits;
}

}  // namespace offlab
