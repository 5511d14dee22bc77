// Every JSON document, and the table beside them, that is read as a whole: in run folders, in the cache, on the way
// between processes.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace offlab::fuzz {

struct Document {
  std::string name;
  std::string text;                                   // a good one
  std::function<void(const std::string& text)> read;  // throws Error
};

const std::vector<Document>& documents();
// The text of the one of that name.
const std::string& document(const std::string& name);

}  // namespace offlab::fuzz
