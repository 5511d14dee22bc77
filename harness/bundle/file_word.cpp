#include "bundle/file_word.h"

#include <algorithm>
#include <cctype>

namespace offlab {

std::string file_word(const std::string& text) {
  std::string word;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.';
    if (plain)
      word += c;
    else if (!word.empty() && word.back() != '-')
      word += '-';
  }
  constexpr std::size_t longest = 60;
  word = word.substr(0, longest);
  while (!word.empty() && (word.back() == '-' || word.back() == '.')) word.pop_back();
  return word.empty() ? "case" : word;
}

// The name of a case in a topology file.
std::string case_name(const std::string& id) {
  std::string name;
  for (const char c : file_word(id)) name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  std::replace(name.begin(), name.end(), '.', '-');
  return name;
}

}  // namespace offlab
