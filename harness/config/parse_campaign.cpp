#include "config/parse_campaign.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/calendar.h"
#include "config/names.h"
#include "config/parse_measure.h"
#include "config/recognized_file.h"
#include "config/table_reader.h"
#include "model/expectation.h"

namespace offlab {
namespace {

constexpr std::size_t max_parts = 200;
constexpr std::size_t max_entries = 1000;
constexpr std::int64_t max_retries = 10;

const FileKey deadline_key{.name = "deadline", .kind = KeyKind::seconds, .low = 60, .high = 7 * 86'400.0};

const FileTable& campaign_table() {
  static const FileTable table = {
      "campaign", "the campaign", "", {{"name"}, {"deadline"}, {"history"}, {"quarantine"}, {"part"}}};
  return table;
}

const FileTable& part_table() {
  static const FileTable table = {"part",
                                  "[[part]]",
                                  "",
                                  {{"name"},
                                   {"file"},
                                   {"question"},
                                   {"cases"},
                                   {"axes"},
                                   {"exclude"},
                                   {"pairwise"},
                                   {"t_way"},
                                   {"duration"},
                                   {"retries"}}};
  return table;
}

const FileTable& quarantine_table() {
  static const FileTable table = {"quarantine", "the quarantine file", "", {{"quarantine"}}};
  return table;
}

const FileTable& entry_table() {
  static const FileTable table = {"quarantine",
                                  "[[quarantine]]",
                                  "",
                                  {{"part"}, {"case"}, {"class"}, {"reason"}, {"owner"}, {"link"}, {"expires"}}};
  return table;
}

std::vector<std::string> read_list(const TomlEntry* entry, Mistakes& mistakes) {
  std::vector<std::string> list;
  for (PlacedString& one : read_strings(entry, mistakes)) list.push_back(std::move(one.text));
  return list;
}

std::string stem_of(const std::string& file) {
  const auto slash = file.rfind('/');
  const std::string name = slash == std::string::npos ? file : file.substr(slash + 1);
  return name.ends_with(".toml") ? name.substr(0, name.size() - 5) : name;
}

CampaignPart read_part(const PlacedTable& table, Mistakes& mistakes) {
  TableReader reader(part_table(), *table.table, table.position, mistakes);
  CampaignPart part;
  const TomlEntry* file = reader.require("file");
  part.file = read_text(file, mistakes).value_or("");
  const TomlEntry* name = reader.find("name");
  part.name = name == nullptr ? stem_of(part.file) : read_file_name(name, mistakes).value_or("");
  const std::vector<std::string> questions = {"run", "verify"};
  const auto question = read_word(
      reader.find("question"),
      [&](std::string_view word) {
        return word == "run" || word == "verify" ? std::optional(word == "verify") : std::nullopt;
      },
      questions, mistakes);
  part.as_expected = question.value_or(true);
  part.cases = read_list(reader.find("cases"), mistakes);
  part.axes = read_list(reader.find("axes"), mistakes);
  part.exclude = read_list(reader.find("exclude"), mistakes);
  part.pairwise = read_boolean(reader.find("pairwise"), mistakes).value_or(false);
  part.t_way = read_text(reader.find("t_way"), mistakes).value_or("");
  part.duration = read_text(reader.find("duration"), mistakes).value_or("");
  part.retries = static_cast<unsigned>(read_integer(reader.find("retries"), 0, max_retries, mistakes).value_or(0));
  reader.refuse_unknown_keys();
  return part;
}

std::vector<CampaignPart> read_parts(const TomlEntry* entry, Mistakes& mistakes) {
  std::vector<CampaignPart> parts;
  for (const PlacedTable& table : read_tables(entry, max_parts, "parts", mistakes)) {
    CampaignPart part = read_part(table, mistakes);
    if (std::any_of(parts.begin(), parts.end(), [&](const CampaignPart& other) { return other.name == part.name; }))
      mistakes.add(table.position, fmt::format("there is already a part '{}'", part.name), "give it a `name`");
    parts.push_back(std::move(part));
  }
  return parts;
}

QuarantineEntry read_entry(const PlacedTable& table, Mistakes& mistakes) {
  TableReader reader(entry_table(), *table.table, table.position, mistakes);
  QuarantineEntry entry;
  entry.part = read_text(reader.require("part"), mistakes).value_or("");
  entry.case_id = read_text(reader.require("case"), mistakes).value_or("");
  const TomlEntry* fault_class = reader.require("class");
  if (const auto text = read_text(fault_class, mistakes)) {
    const auto parsed = parse_fault_class(*text);
    if (!parsed) mistakes.add(fault_class->value.position, fmt::format("'{}' is no class of faults", *text));
    entry.fault_class = parsed.value_or(FaultClass::unknown);
  }
  entry.reason = read_text(reader.require("reason"), mistakes).value_or("");
  entry.owner = read_text(reader.require("owner"), mistakes).value_or("");
  entry.link = read_text(reader.require("link"), mistakes).value_or("");
  const TomlEntry* expires = reader.require("expires");
  if (const auto text = read_text(expires, mistakes)) {
    if (!is_day(*text))
      mistakes.add(expires->value.position, fmt::format("'{}' is no day", *text), "as in \"2026-12-24\"");
    entry.expires = *text;
  }
  reader.refuse_unknown_keys();
  return entry;
}

}  // namespace

ParsedCampaign parse_campaign(std::string_view text, const std::string& file) {
  Mistakes mistakes(file);
  const auto table = parse_recognized(text, campaign_table(), "campaign file", mistakes);
  if (!table) return {std::nullopt, mistakes.take()};
  TableReader root(campaign_table(), *table, {}, mistakes);
  Campaign campaign;
  campaign.name = read_file_name(root.require("name"), mistakes).value_or("");
  campaign.deadline_seconds = read_seconds(root.find("deadline"), deadline_key, mistakes);
  campaign.history = read_text(root.find("history"), mistakes).value_or("");
  campaign.quarantine = read_text(root.find("quarantine"), mistakes).value_or("");
  campaign.parts = read_parts(root.require("part"), mistakes);
  root.refuse_unknown_keys();
  if (mistakes.count() != 0) return {std::nullopt, mistakes.take()};
  return {std::move(campaign), {}};
}

ParsedQuarantine parse_quarantine(std::string_view text, const std::string& file) {
  Mistakes mistakes(file);
  const auto table = parse_recognized(text, quarantine_table(), "quarantine file", mistakes);
  if (!table) return {std::nullopt, mistakes.take()};
  TableReader root(quarantine_table(), *table, {}, mistakes);
  const std::vector<PlacedTable> tables = read_tables(root.find("quarantine"), max_entries, "entries", mistakes);
  root.refuse_unknown_keys();
  std::vector<QuarantineEntry> entries;
  for (const PlacedTable& one : tables) entries.push_back(read_entry(one, mistakes));
  if (mistakes.count() != 0) return {std::nullopt, mistakes.take()};
  return {std::move(entries), {}};
}

}  // namespace offlab
