// What is left on a terminal after all that it was sent.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace offlab {

// A terminal of so many columns, which moves on where a line is full. It knows bytes, what redrawing sends and colours,
// which it does not keep; nothing else.
class SmallTerminal {
 public:
  explicit SmallTerminal(std::size_t columns) : columns_(columns) {}

  void write(const std::string& text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] == '\033')
        at = control(text, at + 2);
      else if (text[at] == '\r')
        column_ = 0;
      else if (text[at] == '\n')
        go_to(row_ + 1, 0);
      else
        put(text[at]);
    }
  }
  std::vector<std::string> rows() const {
    std::vector<std::string> rows = rows_;
    for (std::string& row : rows) row.erase(row.find_last_not_of(' ') + 1);
    while (!rows.empty() && rows.back().empty()) rows.pop_back();
    return rows;
  }

 private:
  std::size_t control(const std::string& text, std::size_t at) {
    std::size_t number = 0;
    for (; (text[at] >= '0' && text[at] <= '9') || text[at] == ';'; ++at)
      number = text[at] == ';' ? 0 : 10 * number + static_cast<std::size_t>(text[at] - '0');
    if (text[at] == 'A') go_to(row_ - std::min(row_, number), column_);
    if (text[at] == 'K' || text[at] == 'J') rows_[row_].resize(column_, ' ');
    if (text[at] == 'J') rows_.resize(row_ + 1);
    return at;
  }
  void go_to(std::size_t row, std::size_t column) {
    row_ = row;
    column_ = column;
    if (rows_.size() <= row_) rows_.resize(row_ + 1);
  }
  void put(char one) {
    if (column_ == columns_) go_to(row_ + 1, 0);
    if (rows_[row_].size() <= column_) rows_[row_].resize(column_ + 1, ' ');
    rows_[row_][column_++] = one;
  }

  std::size_t columns_;
  std::size_t row_ = 0;
  std::size_t column_ = 0;
  std::vector<std::string> rows_ = {""};
};

}  // namespace offlab
