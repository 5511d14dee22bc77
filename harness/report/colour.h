// Colours of outcome words, for a person's eye: the words say everything, with and without them.
#pragma once

#include <string>
#include <string_view>

namespace offlab {

enum class ColourChoice { automatic, always, never };

// What the environment says of colours; empty: it is not set.
struct ColourEnvironment {
  std::string_view no_color = {};        // NO_COLOR
  std::string_view clicolor_force = {};  // CLICOLOR_FORCE
  std::string_view term = {};            // TERM
};

// Whether text into a stream gets colours. A choice of the user's counts most, then NO_COLOR (https://no-color.org),
// then CLICOLOR_FORCE, then what the stream is.
bool wants_colours(ColourChoice choice, const ColourEnvironment& environment, bool is_terminal);

// The text with its outcome words coloured: PASS, fail, warning ... where a line begins with one, where one stands
// alone in its column, or where it answers a question at the end of a line. The text has to be clean
// (base/clean_text.h); it is the same once the colours are cleaned off again.
std::string with_colours(std::string_view clean_text);

}  // namespace offlab
