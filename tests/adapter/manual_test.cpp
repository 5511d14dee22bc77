// --help, man pages and completions say the same: each is read by the program that people read it with.
#include <cstdio>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "base/shell_words.h"
#include "folders.h"
#include "lab/program.h"

namespace offlab::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::UnorderedElementsAre;

using Words = std::set<std::string>;

// stdout and stderr of a line for `sh`.
std::string said_by(const std::string& line, int status = 0) {
  std::FILE* pipe = popen(("exec 2>&1; " + line).c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("popen");
  std::string text;
  char part[4096];
  for (std::size_t size = 0; (size = std::fread(part, 1, sizeof part, pipe)) > 0;) text.append(part, size);
  const int ended = pclose(pipe);
  EXPECT_EQ(WEXITSTATUS(ended), status) << line << "\n" << text;
  return text;
}

std::string offlab(const std::string& arguments) {
  return said_by("HOME=/nonexistent OFFLAB_CACHE=/nonexistent " + shell_quoted(offlab_program()) + " " + arguments);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// "-v", "--verbose" of a text.
void add_options(const std::string& text, Words& options) {
  static const std::regex option("(^|[ ,])(--?[a-zA-Z][-a-z]*)");
  for (std::sregex_iterator at(text.begin(), text.end(), option), end; at != end; ++at) options.insert((*at)[2]);
}

// What one of the texts says of a command.
struct Said {
  Words options = {};
  Words commands = {};
  bool operator==(const Said&) const = default;
};
void PrintTo(const Said& said, std::ostream* stream) {
  *stream << testing::PrintToString(said.options) << " " << testing::PrintToString(said.commands);
}

// By the words of the command behind "offlab": "", "run", "host lro show".
using Everything = std::map<std::string, Said>;

Said read_help(const std::string& command) {
  Said said;
  std::string section;
  for (const std::string& line : lines_of(offlab(command + " --help"))) {
    if (!line.empty() && line.front() != ' ') section = line;
    if (line.rfind("  ", 0) != 0 || line[2] == ' ') continue;
    const std::string first = line.substr(2, line.find("  ", 2) - 2);
    if (section == "Options:")
      add_options(first.substr(0, first.find_first_of(" ", first.find(",") + 1)), said.options);
    if (section == "Subcommands:") said.commands.insert(first.substr(0, first.find(' ')));
  }
  return said;
}

void read_all_help(const std::string& command, Everything& all) {
  all[command] = read_help(command);
  for (const std::string& below : all[command].commands)
    read_all_help(command.empty() ? below : command + " " + below, all);
}

const Everything& all_help() {
  static const Everything all = [] {
    Everything read;
    read_all_help("", read);
    return read;
  }();
  return all;
}

class Manual : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_GT(all_help().size(), 30U) << "--help cannot be read"; }
  std::string script_of(const std::string& shell) const {
    const std::string file = folder_ / shell;
    std::ofstream(file) << offlab("completion " + shell);
    return file;
  }
  // A line for each command of what `ask` says of it: "run<TAB>--case --out".
  std::string asked_of(const std::string& shell, const std::string& ask) const {
    const std::string file = folder_ / ("ask." + shell);
    std::ofstream(file) << ask;
    return said_by(shell + (shell == "zsh" ? " -f " : " ") + file);
  }
  ScratchFolder folder_;
};

Everything read_table(const std::string& text) {
  Everything all;
  for (const std::string& line : lines_of(text)) {
    const auto tab = line.find('\t');
    EXPECT_NE(tab, std::string::npos) << line;
    Said& said = all[line.substr(0, tab)];
    std::istringstream words(tab == std::string::npos ? "" : line.substr(tab + 1));
    for (std::string word; words >> word;) (word[0] == '-' ? said.options : said.commands).insert(word);
  }
  return all;
}

// `below`: the command that the lines are of, as the page goes on.
void read_line_of_page(const std::string& line, const std::string& page, std::string& below, Everything& all) {
  static const std::regex option("       (-[a-zA-Z], )?(-[^ ]+).*");
  static const std::regex command("       offlab-([-a-z]+)\\(1\\).*");
  static const std::regex heading("   offlab (.*)");
  std::smatch found;
  if (std::regex_match(line, found, heading)) {
    below = found[1];
    const auto space = below.rfind(' ');
    all[below.substr(0, space)].commands.insert(below.substr(space + 1));
  } else if (std::regex_match(line, found, command)) {
    all[page].commands.insert(found[1]);
  } else if (std::regex_match(line, found, option)) {
    add_options(found[1].str() + found[2].str(), all[below].options);
  }
}

void expect_same_as_help(const Everything& all) {
  EXPECT_EQ(all.size(), all_help().size());
  for (const auto& [command, said] : all_help()) {
    const auto found = all.find(command);
    ASSERT_NE(found, all.end()) << command;
    EXPECT_EQ(found->second, said) << "offlab " << command;
  }
}

TEST_F(Manual, BashKnowsWhatHelpNames) {
  std::string ask = "source " + script_of("bash") + "\n" + R"(
ask() {
  COMP_WORDS=(offlab $1 "$2") COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _offlab 2>/dev/null
  echo -n " ${COMPREPLY[@]}"
}
complete -p offlab >/dev/null || exit 1
)";
  for (const auto& [command, said] : all_help()) {
    const std::string words = shell_quoted(command);
    ask += "echo -n " + words + "$'\\t'; ask " + words + " -" +
           (said.commands.empty() ? "" : "; ask " + words + " ''") + "; echo\n";
  }
  expect_same_as_help(read_table(asked_of("bash", ask)));
}

// zsh's own functions need a terminal; what they are given is read here.
TEST_F(Manual, ZshKnowsWhatHelpNames) {
  const std::string script = script_of("zsh");
  said_by("zsh -n " + script);
  std::string ask = R"(
compdef() {}
_describe() { local one; for one in ${commands%%:*}; do print -n " $one"; done }
_arguments() {
  local spec
  for spec in "$@"; do
    [[ $spec == -[sSC] ]] && continue
    [[ $spec == (\([^\)]#\)|\*)#(#b)(--#[a-zA-Z][-a-z]#)* ]] && print -n " $match[1]"
  done
  state=command
}
setopt extendedglob
source )" + script + "\n";
  for (const auto& [command, said] : all_help()) {
    std::string function = "_offlab" + (command.empty() ? "" : "_" + command);
    for (char& one : function)
      if (one == ' ') one = '_';
    ask += "print -n " + shell_quoted(command) + "$'\\t'; " + function + "; print\n";
  }
  expect_same_as_help(read_table(asked_of("zsh", ask)));
}

TEST_F(Manual, FishKnowsWhatHelpNames) {
  const std::string script = script_of("fish");
  said_by("fish -n " + script);
  std::string ask = "source " + script + "\n";
  for (const auto& [command, said] : all_help()) {
    const std::string line = "offlab " + command + (command.empty() ? "" : " ");
    ask += "echo -n " + shell_quoted(command + "\t") + "; echo -n (complete -C '" + line +
           "-' | string replace -r '\\t.*' '')" +
           (said.commands.empty() ? "" : " (complete -C '" + line + "' | string replace -r '\\t.*' '')") + "; echo\n";
  }
  const std::string home = folder_ / "home";
  expect_same_as_help(read_table([&] {
    std::ofstream(folder_ / "ask.fish") << ask;
    return said_by("HOME=" + home + " XDG_CONFIG_HOME=" + home + " fish --no-config " +
                   (folder_ / "ask.fish").string());
  }()));
}

TEST_F(Manual, ManPagesHaveWhatHelpNames) {
  offlab("man --all " + (folder_ / "man").string());
  Everything all;
  for (const auto& [command, said] : all_help()) {
    if (command.find(' ') != std::string::npos) continue;
    const std::string file = folder_ / ("man/offlab" + (command.empty() ? "" : "-" + command) + ".1");
    ASSERT_TRUE(std::filesystem::exists(file)) << file;
    std::string section;
    std::string below = command;
    for (const std::string& line : lines_of(said_by("mandoc -T utf8 -O width=400 " + file + " | col -bx"))) {
      if (!line.empty() && line.front() != ' ') section = line;
      if (section == "OPTIONS" || section == "COMMANDS") read_line_of_page(line, command, below, all);
    }
  }
  expect_same_as_help(all);
}

TEST_F(Manual, ManPagesAreWithoutFault) {
  offlab("man --all " + (folder_ / "man").string());
  std::size_t pages = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "man")) {
    ++pages;
    const std::string file = entry.path();
    EXPECT_EQ(said_by("mandoc -T lint -W warning " + file), "");
    EXPECT_EQ(said_by("groff -man -Tutf8 -ww -z " + file), "");
  }
  EXPECT_GT(pages, 30U);
  EXPECT_EQ(read_text(folder_ / "man/offlab.1"), offlab("man"));
  EXPECT_EQ(read_text(folder_ / "man/offlab-run.1"), offlab("man run"));
}

TEST_F(Manual, CompletionsKnowWhatAValueIs) {
  const std::string place = folder_ / "place";
  std::filesystem::create_directories(place + "/a folder");
  for (const char* file : {"/a.toml", "/b.txt"}) std::ofstream(place + file) << "";
  const auto bash = [&](const std::string& words) {
    return lines_of(said_by("cd " + place + " && bash -c " +
                            shell_quoted("source " + script_of("bash") + "\nCOMP_WORDS=(offlab " + words +
                                         ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_offlab 2>/dev/null\n"
                                         "for one in \"${COMPREPLY[@]}\"; do echo \"$one\"; done")));
  };
  EXPECT_THAT(bash("run ''"), UnorderedElementsAre("a folder", "a.toml"));
  EXPECT_THAT(bash("run --out ''"), ElementsAre("a folder"));
  EXPECT_THAT(bash("run --hosts ''"), UnorderedElementsAre("a folder", "a.toml", "b.txt"));
  EXPECT_THAT(bash("run --until ''"), UnorderedElementsAre("fail", "pass"));
  EXPECT_THAT(bash("run --until = p"), ElementsAre("pass"));
  EXPECT_THAT(bash("run --case ''"), IsEmpty());
  EXPECT_THAT(bash("host lro set o"), UnorderedElementsAre("on", "off"));
  EXPECT_THAT(bash("--version ver"), ElementsAre("verify"));
  const auto fish = [&](const std::string& line) {
    return lines_of(said_by("cd " + place + " && HOME=" + place + " fish --no-config -c " +
                            shell_quoted("source " + script_of("fish") + "; complete -C '" + line +
                                         "' | string replace -r '\\t.*' ''; true")));
  };
  EXPECT_THAT(fish("offlab run --until "), UnorderedElementsAre("fail", "pass"));
  EXPECT_THAT(fish("offlab run --out "), ElementsAre("a folder/"));
  EXPECT_THAT(fish("offlab run a"), IsSupersetOf({"a.toml"}));
  EXPECT_THAT(fish("offlab host lro set o"), UnorderedElementsAre("on", "off"));
}

TEST_F(Manual, WhatIsNotThereIsAMistake) {
  EXPECT_THAT(said_by(offlab_program() + " man runn", 2), HasSubstr("did you mean 'run'?"));
  EXPECT_THAT(said_by(offlab_program() + " completion tcsh", 2), HasSubstr("tcsh"));
  EXPECT_THAT(said_by(offlab_program() + " man --all /dev/null/x", 2), HasSubstr("/dev/null/x"));
  EXPECT_THAT(offlab("man"), Not(HasSubstr("worker")));
}

}  // namespace
}  // namespace offlab::test
