// Files of ours, told from any other. What is in somebody else's file may be a secret: of that nothing is shown.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/file_keys.h"
#include "config/mistakes.h"
#include "config/toml_document.h"

namespace offlab {

// The root table of a text that is to be `what` ("topology file"), with the keys of `kind` at its top level; nothing
// where the text is no TOML. A text that has not one of these keys (no TOML: not one line that begins with one) is not
// ours: a single mistake says so, without a word of the text. An empty text is ours.
std::optional<TomlTable> parse_recognized(std::string_view text, const FileTable& kind, const std::string& what,
                                          Mistakes& mistakes, std::uint32_t file = 0);

}  // namespace offlab
