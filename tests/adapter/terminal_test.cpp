// What a run shows, on a real pseudo-terminal and into a pipe: the events are those of a recorded run.
#include "cli/terminal.h"

#include <fstream>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clean_text.h"
#include "base/json.h"
#include "fake/small_terminal.h"
#include "folders.h"
#include "lab/program.h"
#include "record/event_json.h"
#include "record/run_folder.h"
#include "record/run_json.h"

namespace offlab::test {
namespace {

using testing::Contains;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

const std::string recorded = tests_folder() + "/data/recorded-run";

// A process of its own whose stdout and stderr are a terminal, or one pipe each.
struct Shown {
  std::string out;
  std::string err;  // of a pipe
};

std::string read_all(int descriptor) {
  std::string text;
  char part[4096];
  for (ssize_t size = 0; (size = read(descriptor, part, sizeof part)) > 0;)
    text.append(part, static_cast<std::size_t>(size));
  close(descriptor);
  return text;
}

template <typename Body>
[[noreturn]] void become(Body body) {
  for (const char* name : {"NO_COLOR", "CLICOLOR_FORCE"}) unsetenv(name);
  setenv("LC_ALL", "C.UTF-8", 1);
  if (getenv("TERM_OF_TEST") == nullptr) setenv("TERM", "xterm", 1);
  body();
  std::fflush(stdout);
  _exit(0);
}

const RunResult& recorded_result() {
  static const RunResult result = [] {
    ScratchFolder out;
    Program judge({"judge", recorded, "--out", out / "results"});
    judge.wait(std::chrono::seconds(30));
    return run_from_json(read_text(out / "results/run.json"));
  }();
  return result;
}

template <typename Body>
std::string on_terminal(unsigned short columns, Body body) {
  recorded_result();  // before there are two processes
  const winsize size{.ws_row = 24, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
  int master = -1;
  std::fflush(stdout);
  const pid_t child = forkpty(&master, nullptr, nullptr, &size);
  if (child == 0) become(body);
  std::string text = read_all(master);
  waitpid(child, nullptr, 0);
  return text;
}

template <typename Body>
Shown into_pipes(Body body) {
  recorded_result();
  ScratchFolder folder;  // files: none of the two waits for the other
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    dup2(open((folder / "out").c_str(), O_CREAT | O_WRONLY, 0600), STDOUT_FILENO);
    dup2(open((folder / "err").c_str(), O_CREAT | O_WRONLY, 0600), STDERR_FILENO);
    become(body);
  }
  waitpid(child, nullptr, 0);
  return {read_text(folder / "out"), read_text(folder / "err")};
}

// As a run does it: the plan, the events, each verdict when its case is recorded. `at`: called before each event.
template <typename At>
void show_run(Terminal& terminal, At at) {
  const RunPlan plan = RunFolder::open(recorded).read_plan();
  const RunResult& result = recorded_result();
  terminal.expect(plan);
  std::ifstream events(recorded + "/events.jsonl");
  std::size_t number = 0;
  for (std::string line; std::getline(events, line); ++number) {
    at(number);
    Event event = event_from_line(line);
    event.of.lab = plan.labs.front().name;
    terminal.on(event);
    if (const auto* done = std::get_if<event::CaseRecorded>(&event.what))
      for (const CaseResult& one : result.cases)
        if (one.id == done->id) terminal.result(one, Question::healthy, true);
  }
  terminal.ended({.outcome = result.outcome, .exit_status = 1, .folder = "runs/x"}, &result);
}

void show_run(const Display& display) {
  Terminal terminal(display);
  show_run(terminal, [](std::size_t) {});
}

std::vector<std::string> screen_of(const std::string& sent, std::size_t columns) {
  SmallTerminal terminal(columns);
  terminal.write(sent);
  return terminal.rows();
}

TEST(TerminalShows, AViewThatLeavesACleanScreen) {
  const std::string sent = on_terminal(200, [] { show_run(Display{.colour = ColourChoice::never}); });
  EXPECT_THAT(sent, HasSubstr("router in "));
  EXPECT_THAT(sent,
              HasSubstr("router in 602 kbit/s"));  // events of that version have no rate out of the router, so no bars
  std::vector<std::string> left;
  const Shown piped = into_pipes([] { show_run(Display{}); });
  SmallTerminal verdicts(200);
  verdicts.write(
      "no KVM (/dev/kvm cannot be opened: No such file or directory): guests run under TCG, software "
      "emulation\nlab-1: ready\n" +
      piped.out);
  EXPECT_THAT(screen_of(sent, 200), ElementsAreArray(verdicts.rows()));
}

TEST(TerminalShows, LinesOfFortyColumnsAfterTheWindowBecameNarrow) {
  const std::string sent = on_terminal(120, [] {
    Terminal terminal;
    show_run(terminal, [](std::size_t number) {
      const winsize size{.ws_row = 10, .ws_col = 40, .ws_xpixel = 0, .ws_ypixel = 0};
      if (number == 15) ioctl(STDERR_FILENO, TIOCSWINSZ, &size);
      if (number == 15) std::fputs("\nNARROW\n", stderr);
      if (number == 40) _exit(0);
    });
  });
  const std::size_t narrow = sent.find("NARROW");
  ASSERT_NE(narrow, std::string::npos);
  const auto rows = screen_of(sent.substr(narrow), 1000);
  EXPECT_THAT(rows, Contains(HasSubstr("router in ")));
  for (const std::string& row : rows) EXPECT_LT(row.size(), 40U + 32U) << row;  // bars are three bytes
}

TEST(TerminalShows, NoEscapeOnADumbOne) {
  setenv("TERM", "dumb", 1);
  setenv("TERM_OF_TEST", "", 1);
  const std::string sent = on_terminal(80, [] { show_run(Display{}); });
  unsetenv("TERM_OF_TEST");
  EXPECT_EQ(sent.find('\033'), std::string::npos) << sent;
  EXPECT_THAT(sent, HasSubstr("case 1/"));
}

TEST(TerminalShows, PlainLinesWhereItIsNone) {
  const Shown shown = into_pipes([] { show_run(Display{}); });
  EXPECT_EQ((shown.out + shown.err).find('\033'), std::string::npos);
  EXPECT_EQ(shown.err, read_text(tests_folder() + "/golden/progress-lines.txt"));
  EXPECT_THAT(shown.out, StartsWith("PASS         control-lro-on"));
}

TEST(TerminalShows, VerdictsAloneWhenItIsToBeQuiet) {
  const Shown shown = into_pipes([] { show_run(Display{.quiet = true}); });
  EXPECT_EQ(shown.err, "");
  EXPECT_EQ(shown.out, into_pipes([] { show_run(Display{}); }).out);
  const Shown broken = into_pipes([] { Terminal(Display{.quiet = true}).on(event::LabFailed{"no tun", "load it"}); });
  EXPECT_EQ(broken.err, "lab failed: no tun (load it)\n");
}

TEST(TerminalShows, EveryStepAndFindingWhenItIsToBeVerbose) {
  const Shown shown = into_pipes([] { show_run(Display{.verbose = true}); });
  EXPECT_THAT(shown.err, HasSubstr("  control: router: ethtool -K lan lro off\n"));
  EXPECT_THAT(shown.out, HasSubstr("    pass         "));
}

TEST(TerminalShows, ColoursOfVerdictsWhereTheyAreWanted) {
  const Shown shown = into_pipes([] { show_run(Display{.colour = ColourChoice::always}); });
  EXPECT_THAT(shown.out, StartsWith("\033[32mPASS\033[0m         control-lro-on"));
  EXPECT_EQ(clean_text(shown.out), into_pipes([] { show_run(Display{}); }).out);
}

TEST(TerminalShows, JsonLinesAndNothingElseToAProgram) {
  const Shown shown = into_pipes([] {
    Terminal terminal(Display{.json = true, .command = "run"});
    terminal.text("for people\n");
    show_run(terminal, [](std::size_t) {});
  });
  EXPECT_EQ(shown.err, "");
  std::vector<nlohmann::json> lines;
  std::istringstream stream(shown.out);
  for (std::string line; std::getline(stream, line);) lines.push_back(nlohmann::json::parse(line));
  ASSERT_GT(lines.size(), 50U);
  EXPECT_EQ(lines.front()["schema"], "offlab.events/1");
  EXPECT_EQ(lines.front()["command"], "run");
  EXPECT_EQ(lines[1]["event"], "run-planned");
  EXPECT_EQ(lines.back()["event"], "run-ended");
  EXPECT_EQ(lines.back()["exit_status"], 1);
  std::size_t results = 0;
  for (const auto& line : lines)
    if (line.value("event", "") == "case-result") {
      EXPECT_EQ(line["case"]["id"], recorded_result().cases.at(results++).id);
    }
  EXPECT_EQ(results, recorded_result().cases.size());
}

// The program: its own decision about colours.
TEST(TerminalShows, TheProgramAsksItsEnvironmentForColours) {
  const auto judged = [](const std::vector<std::string>& environment, const std::vector<std::string>& more = {}) {
    ScratchFolder out;
    std::vector<std::string> arguments = {"judge", recorded, "--out", out / "results"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    Program program(arguments, {}, environment);
    program.wait(std::chrono::seconds(30));
    return program.output();
  };
  EXPECT_THAT(judged({}), Not(HasSubstr("\033")));
  EXPECT_THAT(judged({"CLICOLOR_FORCE=1"}), HasSubstr("\033[1;31mFAIL\033[0m"));
  EXPECT_THAT(judged({"CLICOLOR_FORCE=1", "NO_COLOR=1"}), Not(HasSubstr("\033")));
  EXPECT_THAT(judged({"NO_COLOR=1"}, {"--color", "always"}), HasSubstr("\033[1;31mFAIL\033[0m"));
  EXPECT_THAT(judged({"CLICOLOR_FORCE=1"}, {"--color=never"}), Not(HasSubstr("\033")));
}

}  // namespace
}  // namespace offlab::test
