// Every key of the topology file: what it takes, what it means, what it is without. The readers, the JSON Schema and
// the tables of docs/topology.md are all made from this.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace offlab {

enum class KeyKind {
  text,
  word,           // one of `words`
  boolean,        // true or false
  on_off,         // "on", "off", true or false
  integer,        // low..high
  number,         // low..high
  seconds,        // a number, or text as in "3s"; low..high
  bytes,          // a number, or text as in "64MB"; low..high
  mebibytes,      // a number of MiB, or text as in "256MiB"; low..high
  strings,        // an array of text
  switches,       // a table of on/off by name; `words` are the names, where they are a closed set
  settings,       // a table of settings
  setting_lists,  // a table of settings, each with an array of values
  table,          // `table`
  tables,         // an array of `table`
};

struct FileKey {
  std::string name;
  KeyKind kind = KeyKind::text;
  std::string meaning = {};
  std::string otherwise = {};  // what holds without it; empty where that is nothing
  bool required = false;
  double low = 0;
  double high = 0;
  std::vector<std::string> words = {};
  std::string table = {};
  std::string called = {};  // what the words are, for documentation that does not list them
};

struct FileTable {
  std::string name;   // "network"
  std::string title;  // how it stands in the file: "[[network]]"
  std::string meaning = {};
  std::vector<FileKey> keys;

  // Throws std::logic_error for a key that is not there: a reader that asks for it would have no documentation.
  const FileKey& key(std::string_view wanted) const;
};

// The file's top level first.
const std::vector<FileTable>& file_tables();
const FileTable& file_table(std::string_view name);

}  // namespace offlab
