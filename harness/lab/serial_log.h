// What a guest's serial console said last, fit for a message or a terminal.
#pragma once

#include <filesystem>
#include <string>

namespace offlab {

// "'a' / 'b' / 'c'": the last lines that are not empty, clean; "(nothing)" when there are none. A kernel panic that is
// not among them goes first.
std::string serial_tail(const std::filesystem::path& file);

// The line of the last kernel panic, from "Kernel panic" on; empty when there was none.
std::string panic_line(const std::string& serial_text);

}  // namespace offlab
