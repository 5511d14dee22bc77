// Text that is not ours (of guests, images, foreign run folders and captures, libvirt, QEMU), made fit for terminals,
// JSON and XML. What comes out is valid UTF-8 and the same when it is cleaned again.
#pragma once

#include <string>
#include <string_view>

namespace offlab {

// For what stays on one line: reasons, names, notes. Escape sequences and control characters go away, ends of line
// between words become " / ", tabs a space. A '?' stands for each byte that is no UTF-8 and each character that Unicode
// forbids in text, or that hides or turns what stands around it.
std::string clean_line(std::string_view text);

// The same for text of several lines: ends of line and tabs stay; CRLF becomes an end of line.
std::string clean_text(std::string_view text);

// The same for a line that columns are counted in: nothing goes away, a tab becomes a space, everything else a '?'.
std::string clean_columns(std::string_view line);

}  // namespace offlab
