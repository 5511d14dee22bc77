// Text for man(7).
#pragma once

#include <string>
#include <string_view>

namespace offlab {

// Text that roff shows as it is, whatever is in it: one line of a page, with its end.
std::string roff_line(std::string_view text);

// The same inside of a line. Hyphens stay what they are, so that options can be copied.
std::string roff_words(std::string_view text);

// "\fB--case\fR", "\fIGLOB\fR".
std::string roff_bold(std::string_view text);
std::string roff_italic(std::string_view text);

}  // namespace offlab
