// An SQLite database, with errors as exceptions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace offlab {

class Database {
 public:
  // Creates the file where it is missing. Throws Error.
  explicit Database(const std::filesystem::path& file);

  void run(const std::string& sql) const;
  std::int64_t number(const std::string& sql) const;  // the only value of the only row

  // All that is written until commit(), or nothing of it. Other writers wait.
  class Transaction {
   public:
    explicit Transaction(const Database& database);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();
    void commit();

   private:
    const Database& database_;
    bool open_ = true;
  };

 private:
  friend class Statement;
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  std::string file_;
  std::unique_ptr<sqlite3, Close> handle_;
};

class Statement {
 public:
  Statement(const Database& database, const std::string& sql);

  Statement& bind(int place, std::string_view text);  // places count from 1
  Statement& bind(int place, std::int64_t number);
  Statement& bind(int place, const std::optional<double>& number);
  // True while there is a row.
  bool step();
  // For other values.
  void reset();

  std::string text(int column) const;  // columns count from 0; empty where there is none
  std::int64_t integer(int column) const;
  std::optional<double> real(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  void check(int status, const char* what) const;

  const Database& database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace offlab
