// The words of a line that a command printed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace offlab {

// Without blanks at either end.
std::string trimmed(const std::string& text);
std::vector<std::string> words_of(const std::string& line);
// The word behind `name`.
std::optional<std::string> word_behind(const std::vector<std::string>& words, std::string_view name);
// All of the text, or none; hexadecimal digits may have "0x" before them.
std::optional<unsigned> number_of(std::string_view text, int base = 10);

}  // namespace offlab
