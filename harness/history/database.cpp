#include "history/database.h"

#include <fmt/core.h>
#include <sqlite3.h>

#include "base/error.h"

namespace offlab {
namespace {

constexpr int patience_ms = 30'000;  // with another writer

}  // namespace

void Database::Close::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

// The file itself is no link; folders on its way may be.
Database::Database(const std::filesystem::path& file) : file_(file.string()) {
  std::error_code unreadable;  // tells itself when the file is opened
  const auto folder = std::filesystem::canonical(std::filesystem::absolute(file).parent_path(), unreadable);
  if (!unreadable && file_ != ":memory:") file_ = (folder / file.filename()).string();
  sqlite3* handle = nullptr;
  const int status = sqlite3_open_v2(file_.c_str(), &handle,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW, nullptr);
  handle_.reset(handle);
  if (status != SQLITE_OK)
    throw Error(fmt::format("opening the history {}: {}", file_, sqlite3_errmsg(handle)),
                "name a file in a folder of your own with --history");
  sqlite3_busy_timeout(handle, patience_ms);
}

void Database::run(const std::string& sql) const {
  char* message = nullptr;
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, &message) == SQLITE_OK) return;
  const std::string text = message == nullptr ? "" : message;
  sqlite3_free(message);
  throw Error(fmt::format("the history {}: {}", file_, text));
}

std::int64_t Database::number(const std::string& sql) const {
  Statement statement(*this, sql);
  if (!statement.step()) throw Error(fmt::format("the history {}: no answer to {}", file_, sql));
  return statement.integer(0);
}

Database::Transaction::Transaction(const Database& database) : database_(database) {
  database_.run("BEGIN IMMEDIATE");
}

Database::Transaction::~Transaction() {
  if (open_) sqlite3_exec(database_.handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Database::Transaction::commit() {
  database_.run("COMMIT");
  open_ = false;
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement::Statement(const Database& database, const std::string& sql) : database_(database) {
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v2(database.handle_.get(), sql.c_str(), -1, &statement, nullptr), sql.c_str());
  statement_.reset(statement);
}

void Statement::check(int status, const char* what) const {
  if (status != SQLITE_OK && status != SQLITE_ROW && status != SQLITE_DONE)
    throw Error(fmt::format("the history {}: {} ({})", database_.file_, sqlite3_errmsg(database_.handle_.get()), what));
}

Statement& Statement::bind(int place, std::string_view text) {
  // Empty text may have no place in memory, which would be bound as NULL.
  check(sqlite3_bind_text(statement_.get(), place, text.empty() ? "" : text.data(), static_cast<int>(text.size()),
                          SQLITE_TRANSIENT),
        "binding a text");
  return *this;
}

Statement& Statement::bind(int place, std::int64_t number) {
  check(sqlite3_bind_int64(statement_.get(), place, number), "binding a number");
  return *this;
}

Statement& Statement::bind(int place, const std::optional<double>& number) {
  check(number ? sqlite3_bind_double(statement_.get(), place, *number) : sqlite3_bind_null(statement_.get(), place),
        "binding a number");
  return *this;
}

bool Statement::step() {
  const int status = sqlite3_step(statement_.get());
  check(status, "a step");
  return status == SQLITE_ROW;
}

void Statement::reset() {
  check(sqlite3_reset(statement_.get()), "a reset");
}

std::string Statement::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  return bytes == nullptr
             ? ""
             : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)));
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::optional<double> Statement::real(int column) const {
  if (sqlite3_column_type(statement_.get(), column) == SQLITE_NULL) return std::nullopt;
  return sqlite3_column_double(statement_.get(), column);
}

}  // namespace offlab
