#include "manual/man_page.h"

#include <algorithm>

#include <fmt/ranges.h>

#include "manual/roff.h"
#include "manual/surroundings.h"

namespace offlab {
namespace {

std::string dashed(const Command& command) {
  return fmt::format("{}", fmt::join(command.path, "-"));
}

std::string upper(std::string text) {
  for (char& one : text)
    if (one >= 'a' && one <= 'z') one = static_cast<char>(one - 'a' + 'A');
  return text;
}

std::string section(std::string_view title) {
  return fmt::format(".SH {}\n", title);
}

std::string entry(const std::string& tag, std::string_view text) {
  return ".TP\n" + tag + "\n" + roff_line(text);
}

// The lines of a text of several; an empty one begins a paragraph.
std::string paragraphs(const std::string& text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    result += end == at ? ".PP\n" : roff_line(text.substr(at, end - at));
    at = end + 1;
  }
  return result;
}

std::string bold_ones(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : std::string(between)) + roff_bold(word);
  return text;
}

std::string value_words(const CommandOption& option) {
  return option.words.empty() ? roff_italic(option.value) : bold_ones(option.words, "|");
}

std::string names_of(const CommandOption& option) {
  return bold_ones(option.names, ", ") + (option.kind == ValueKind::none ? "" : " " + value_words(option));
}

// "file", "[file]", "file ...".
std::string argument_words(const CommandOption& option) {
  const std::string one = roff_italic(option.argument) + (option.repeated ? " ..." : "");
  return option.required ? one : "[" + one + "]";
}

std::string said_of(const CommandOption& option) {
  std::string text = option.description;
  std::vector<std::string> more;
  if (!option.limits.empty()) more.push_back(option.limits);
  if (!option.preset.empty()) more.push_back("default: " + option.preset);
  if (option.required && option.argument.empty()) more.emplace_back("required");
  if (!more.empty()) text += fmt::format("{}({})", text.empty() ? "" : " ", fmt::join(more, "; "));
  return text;
}

std::string synopsis_line(const Command& command) {
  std::string line = roff_bold(words_of(command));
  bool has_more = false;
  for (const CommandOption& option : command.options) {
    if (!option.argument.empty()) continue;
    if (option.required)
      line += " " + names_of(option);
    else
      has_more = true;
  }
  if (has_more) line += " [" + roff_italic("OPTION") + " ...]";
  for (const CommandOption& option : command.options)
    if (!option.argument.empty()) line += " " + argument_words(option);
  if (command.passes_on) line += " [" + roff_italic("COMMAND") + " ...]";
  if (!command.commands.empty()) line += " " + roff_italic("COMMAND") + " ...";
  return line;
}

std::string synopsis(const Command& command) {
  std::string lines;
  for (const Command* one : with_all_below(command)) {
    // Of the program itself its commands have pages of their own.
    if (command.path.size() == 1 && one != &command) continue;
    lines += (lines.empty() ? "" : ".br\n") + synopsis_line(*one) + "\n";
  }
  return section("SYNOPSIS") + lines;
}

std::string arguments_and_options(const Command& command) {
  std::string text;
  for (const CommandOption& option : command.options)
    if (!option.argument.empty() && option.names.empty())
      text += entry(roff_italic(option.argument) + (option.words.empty() ? "" : ": " + value_words(option)),
                    said_of(option));
  for (const CommandOption& option : command.options)
    if (!option.names.empty()) text += entry(names_of(option), said_of(option));
  return text;
}

// Of the program: a line for each command.
std::string commands_of(const Command& program) {
  std::string text = section("COMMANDS");
  for (const Command& one : program.commands) text += entry(roff_bold(dashed(one)) + "(1)", one.description);
  return text;
}

// Commands below a command, which have no pages of their own.
std::string commands_below(const Command& command) {
  std::string text = section("COMMANDS");
  for (const Command* one : with_all_below(command)) {
    if (one == &command) continue;
    text += ".SS " + roff_words(words_of(*one)) + "\n" + roff_line(one->description) + arguments_and_options(*one);
  }
  return text;
}

// The parts of "0 pass, 1 fail (a fault was found), 130 interrupted": a number begins each.
std::vector<std::string> statuses_in(const std::string& said) {
  std::vector<std::string> parts = {""};
  for (std::size_t i = 0; i < said.size(); ++i) {
    const bool ends = said.compare(i, 2, ", ") == 0 && i + 2 < said.size() && said[i + 2] >= '0' && said[i + 2] <= '9';
    if (!ends) {
      parts.back() += said[i];
      continue;
    }
    parts.emplace_back();
    ++i;
  }
  return parts;
}

std::string exit_statuses(const std::string& said) {
  std::string text = section("EXIT STATUS");
  for (const std::string& one : statuses_in(said)) {
    const std::size_t digits = std::min(one.find_first_not_of("0123456789"), one.size());
    text += digits == 0 ? roff_line(one + ".")
                        : entry(roff_bold(one.substr(0, digits)), one.substr(std::min(digits + 1, one.size())));
  }
  return text;
}

std::string entries(std::string_view title, std::span<const ManualEntry> all) {
  std::string text = section(title);
  for (const ManualEntry& one : all) text += entry(roff_italic(one.name), one.description);
  return text;
}

std::string see_also(const Command& program, const Command& command) {
  std::vector<std::string> pages;
  for (const Command& one : program.commands)
    if (&one != &command) pages.push_back(roff_bold(dashed(one)) + "(1)");
  if (&command != &program) pages.insert(pages.begin(), roff_bold(dashed(program)) + "(1)");
  return section("SEE ALSO") + fmt::format("{}\n", fmt::join(pages, ",\n"));
}

// For whatis: one line, without its full stop.
std::string summary_of(const Command& command) {
  const std::string& all = command.description;
  std::string text = all.substr(0, std::min({all.find(": "), all.find(". "), all.find("? "), all.find(" (docs/")}));
  if (all.compare(text.size(), 1, "?") == 0) text += '?';
  if (const std::string name = words_of(command) + " "; text.starts_with(name)) text.erase(0, name.size());
  for (char& one : text)
    if (one == '\n') one = ' ';
  while (!text.empty() && (text.back() == '.' || text.back() == ':')) text.pop_back();
  return text;
}

}  // namespace

std::string man_page_file(const Command& command) {
  return dashed(command) + ".1";
}

std::string man_page(const Command& program, const Command& command, const ManualEdition& edition) {
  std::string text = fmt::format(".TH {} 1 {} \"{}\" \"offlab manual\"\n", upper(dashed(command)), edition.date,
                                 roff_words("offlab " + edition.version));
  // Sentences in source lines of any length; words are not broken, so that options can be copied.
  text += ".nh\n.ad l\n";
  text += section("NAME") + roff_words(dashed(command)) + " \\- " + roff_line(summary_of(command));
  text += synopsis(command) + section("DESCRIPTION") + paragraphs(command.description);
  if (!command.footer.empty()) text += ".PP\n" + paragraphs(command.footer);
  if (!command.options.empty()) text += section("OPTIONS") + arguments_and_options(command);
  if (!command.commands.empty()) text += &command == &program ? commands_of(program) : commands_below(command);
  text += exit_statuses(command.exit_status.empty() ? program.exit_status : command.exit_status);
  text += entries("FILES", manual_files()) + entries("ENVIRONMENT", manual_environment());
  return text + see_also(program, command);
}

}  // namespace offlab
