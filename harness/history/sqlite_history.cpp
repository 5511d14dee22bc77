#include "history/sqlite_history.h"

#include <fmt/core.h>

#include "base/error.h"
#include "base/usage_error.h"
#include "history/database.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t application_id = 0x6f66666c;  // "offl"

constexpr const char* tables = R"(
CREATE TABLE night (
  id       TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  started  TEXT NOT NULL,
  finished TEXT NOT NULL DEFAULT '',
  folder   TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE result (
  night       TEXT NOT NULL REFERENCES night(id),
  part        TEXT NOT NULL,
  case_id     TEXT NOT NULL,
  attempt     INTEGER NOT NULL,
  last        INTEGER NOT NULL,
  host        TEXT NOT NULL,
  accelerator TEXT NOT NULL,
  qemu        TEXT NOT NULL,
  kernel      TEXT NOT NULL,
  offlab      TEXT NOT NULL,
  image       TEXT NOT NULL,
  file_digest TEXT NOT NULL,
  case_digest TEXT NOT NULL,
  outcome     TEXT NOT NULL,
  class       TEXT NOT NULL,
  recorded    TEXT NOT NULL,
  reason      TEXT NOT NULL,
  goodput_bps REAL,
  control_bps REAL,
  seconds     REAL NOT NULL,
  folder      TEXT NOT NULL,
  UNIQUE (night, part, case_id, attempt)
) STRICT;
CREATE TABLE alarm (
  night       TEXT NOT NULL REFERENCES night(id),
  part        TEXT NOT NULL,
  case_id     TEXT NOT NULL,
  host        TEXT NOT NULL,
  accelerator TEXT NOT NULL,
  qemu        TEXT NOT NULL,
  kernel      TEXT NOT NULL,
  since       TEXT NOT NULL,
  before      REAL NOT NULL,
  change      REAL NOT NULL,
  p_value     REAL NOT NULL,
  answer      TEXT NOT NULL,
  UNIQUE (part, case_id, host, accelerator, qemu, kernel, since)
) STRICT;
CREATE TABLE acknowledgement (
  part    TEXT NOT NULL,
  case_id TEXT NOT NULL,
  night   TEXT NOT NULL,
  reason  TEXT NOT NULL,
  at      TEXT NOT NULL,
  UNIQUE (part, case_id, night)
) STRICT;
)";

constexpr const char* result_columns =
    "night, part, case_id, attempt, last, host, accelerator, qemu, kernel, offlab, image, file_digest, case_digest, "
    "outcome, class, recorded, reason, goodput_bps, control_bps, seconds, folder";

// A word that this version does not know is not guessed at.
template <typename Value, typename Parse>
Value word(const std::string& text, Parse parse, const char* what) {
  const auto value = parse(text);
  if (!value) throw Error(fmt::format("the history has '{}' as {}, which this version does not know", text, what));
  return *value;
}

HistoryRow row_of(const Statement& from) {
  HistoryRow row{.night = from.text(0), .part = from.text(1), .case_id = from.text(2)};
  row.attempt = static_cast<unsigned>(from.integer(3));
  row.last = from.integer(4) != 0;
  row.host = {from.text(5), from.text(6), from.text(7), from.text(8)};
  row.offlab = from.text(9);
  row.image = from.text(10);
  row.file_digest = from.text(11);
  row.case_digest = from.text(12);
  row.outcome = word<Outcome>(from.text(13), parse_outcome, "an outcome");
  if (!from.text(14).empty()) row.fault_class = word<FaultClass>(from.text(14), parse_fault_class, "a class");
  row.recorded = from.text(15);
  row.reason = from.text(16);
  row.goodput_bps = from.real(17);
  row.control_bps = from.real(18);
  row.seconds = from.real(19).value_or(0);
  row.folder = from.text(20);
  return row;
}

class SqliteHistory : public RunHistory {
 public:
  explicit SqliteHistory(const std::filesystem::path& file) : database_(file) {
    if (database_.number("SELECT count(*) FROM sqlite_master") == 0) create();
    if (database_.number("PRAGMA application_id") != application_id)
      throw Error(fmt::format("{} is no history of offlab", file.string()), "name another file with --history");
    const auto version = database_.number("PRAGMA user_version");
    if (version > history_schema)
      throw Error(
          fmt::format("the history {} has schema {}, and this offlab knows {}", file.string(), version, history_schema),
          "use the offlab that wrote it, or a later one");
    database_.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
  }

  void begin(const NightEntry& night) override {
    Database::Transaction transaction(database_);
    Statement(database_, "INSERT INTO night (id, campaign, started, folder) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")
        .bind(1, night.id)
        .bind(2, night.campaign)
        .bind(3, night.started)
        .bind(4, night.folder)
        .step();
    transaction.commit();
  }

  void finish(const std::string& night, const std::string& at) override {
    Database::Transaction transaction(database_);
    Statement(database_, "UPDATE night SET finished = ? WHERE id = ?").bind(1, at).bind(2, night).step();
    transaction.commit();
  }

  void add(const std::vector<HistoryRow>& rows) override {
    Database::Transaction transaction(database_);
    Statement insert(database_, fmt::format("INSERT OR REPLACE INTO result ({}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                                            "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                            result_columns));
    for (const HistoryRow& row : rows) {
      int place = 0;
      const auto bind = [&](const auto& value) { insert.bind(++place, value); };
      bind(row.night), bind(row.part), bind(row.case_id);
      bind(std::int64_t{row.attempt}), bind(std::int64_t{row.last});
      for (const std::string* text : {&row.host.name, &row.host.accelerator, &row.host.qemu, &row.host.kernel,
                                      &row.offlab, &row.image, &row.file_digest, &row.case_digest})
        bind(*text);
      bind(to_string(row.outcome));
      bind(row.fault_class ? to_string(*row.fault_class) : std::string_view());
      bind(row.recorded), bind(row.reason), bind(row.goodput_bps), bind(row.control_bps);
      bind(std::optional(row.seconds)), bind(row.folder);
      insert.step();
      insert.reset();
    }
    transaction.commit();
  }

  void add(const Alarm& alarm) override {
    Database::Transaction transaction(database_);
    Statement insert(database_,
                     "INSERT OR REPLACE INTO alarm (night, part, case_id, host, accelerator, qemu, kernel, since, "
                     "before, change, p_value, answer) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    int place = 0;
    for (const std::string* text : {&alarm.night, &alarm.part, &alarm.case_id, &alarm.host.name,
                                    &alarm.host.accelerator, &alarm.host.qemu, &alarm.host.kernel, &alarm.since})
      insert.bind(++place, *text);
    insert.bind(9, std::optional(alarm.before)).bind(10, std::optional(alarm.change));
    insert.bind(11, std::optional(alarm.p_value)).bind(12, alarm.answer).step();
    transaction.commit();
  }

  void add(const Acknowledgement& known) override {
    Database::Transaction transaction(database_);
    Statement(database_,
              "INSERT OR REPLACE INTO acknowledgement (part, case_id, night, reason, at) VALUES (?, ?, ?, ?, ?)")
        .bind(1, known.part)
        .bind(2, known.case_id)
        .bind(3, known.night)
        .bind(4, known.reason)
        .bind(5, known.at)
        .step();
    transaction.commit();
  }

  std::vector<NightEntry> nights() const override {
    std::vector<NightEntry> all;
    Statement select(database_, "SELECT id, campaign, started, finished, folder FROM night ORDER BY started, id");
    while (select.step())
      all.push_back({select.text(0), select.text(1), select.text(2), select.text(3), select.text(4)});
    return all;
  }

  std::vector<HistoryRow> rows() const override {
    std::vector<HistoryRow> all;
    Statement select(database_, fmt::format("SELECT {} FROM result ORDER BY (SELECT night.started FROM night WHERE "
                                            "night.id = result.night), night, rowid",
                                            result_columns));
    while (select.step()) all.push_back(row_of(select));
    return all;
  }

  std::vector<Alarm> alarms() const override {
    std::vector<Alarm> all;
    Statement select(
        database_,
        "SELECT night, part, case_id, host, accelerator, qemu, kernel, since, before, change, p_value, answer "
        "FROM alarm ORDER BY rowid");
    while (select.step())
      all.push_back({.night = select.text(0),
                     .part = select.text(1),
                     .case_id = select.text(2),
                     .host = {select.text(3), select.text(4), select.text(5), select.text(6)},
                     .since = select.text(7),
                     .before = select.real(8).value_or(0),
                     .change = select.real(9).value_or(0),
                     .p_value = select.real(10).value_or(1),
                     .answer = select.text(11)});
    return all;
  }

  std::vector<Acknowledgement> acknowledgements() const override {
    std::vector<Acknowledgement> all;
    Statement select(database_, "SELECT part, case_id, night, reason, at FROM acknowledgement ORDER BY rowid");
    while (select.step())
      all.push_back({select.text(0), select.text(1), select.text(2), select.text(3), select.text(4)});
    return all;
  }

 private:
  // Of two processes that find the file empty, one makes the tables.
  void create() {
    Database::Transaction transaction(database_);
    if (database_.number("SELECT count(*) FROM sqlite_master") != 0) return;
    database_.run(tables);
    database_.run(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id, history_schema));
    transaction.commit();
  }

  Database database_;
};

}  // namespace

std::unique_ptr<RunHistory> open_history(const std::filesystem::path& file) {
  return std::make_unique<SqliteHistory>(file);
}

std::unique_ptr<RunHistory> open_existing_history(const fs::path& file) {
  if (!fs::exists(file))
    throw UsageError(fmt::format(
        "error: there is no history {}\n  remedy: --history FILE; `offlab nightly` ends with the name of the "
        "file\n",
        file.string()));
  return as_usage([&] { return open_history(file); });
}

}  // namespace offlab
