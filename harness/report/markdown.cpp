#include "report/markdown.h"

#include <algorithm>
#include <vector>

#include <fmt/core.h>

#include "base/clean_format.h"
#include "base/units.h"
#include "report/case_text.h"
#include "report/html_report.h"

namespace offlab {
namespace {

constexpr std::size_t most_details = 6000;  // bytes of one case

const char* sign_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return "✅ pass";
    case Outcome::fail:
      return "❌ fail";
    case Outcome::inconclusive:
      return "❓ inconclusive";
    case Outcome::skip:
      return "➖ skip";
    case Outcome::error:
      return "💥 error";
  }
  return "?";
}

// In a code span, where neither markup nor a name is followed. A fence that is longer than any run of backticks in the
// text; in a table a pipe has to be escaped even there.
std::string code(const std::string& text) {
  std::string clean = clean_line(text);
  std::size_t longest = 0;
  std::size_t run = 0;
  std::string escaped;
  for (const char c : clean) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
    if (c == '|') escaped += '\\';
    escaped += c;
  }
  if (escaped.empty()) return "";
  const std::string fence(longest + 1, '`');
  const char* space = longest > 0 ? " " : "";
  return fence + space + escaped + space + fence;
}

// A block that no line of the text can end.
std::string block(const std::string& text) {
  std::string fence = "```";
  while (text.find(fence) != std::string::npos) fence += '`';
  return fence + "text\n" + text + fence + "\n";
}

std::string rate(const std::optional<double>& bps) {
  return bps ? to_string(BitRate{*bps}) : "-";
}

std::string row(const CaseResult& one) {
  return fmt::format("| {} | {} | {} | {} | {} | {} |\n", sign_of(one.outcome), code(one.id), class_word(one),
                     rate(one.measured ? one.measured->goodput_bps : std::nullopt),
                     rate(one.control ? one.control->goodput_bps : std::nullopt),
                     one.measured && one.measured->frag_fails ? std::to_string(*one.measured->frag_fails) : "-");
}

int rank_of(const CaseResult* one) {
  switch (one->outcome) {
    case Outcome::fail:
      return 0;
    case Outcome::error:
      return 1;
    case Outcome::inconclusive:
      return 2;
    case Outcome::pass:
      return 3;
    case Outcome::skip:
      return 4;
  }
  return 5;
}

std::string evidence_of_case(const CaseResult& one) {
  return fmt::format("<details><summary>Evidence: {}</summary>\n\n{}\n</details>\n\n", class_word(one),
                     code(one.id) + "\n\n" + block(case_details(one, most_details)));
}

std::string escaped_sentence(const std::string& text) {
  std::string escaped;
  for (const char c : clean_line(text)) {
    if (std::string_view("\\`*_{}[]<>#|@&!").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

}  // namespace

std::string markdown_run(const RunResult& run, std::size_t most_bytes) {
  constexpr std::size_t closing_line = 200;
  std::vector<const CaseResult*> cases;
  for (const CaseResult& one : run.cases) cases.push_back(&one);
  std::stable_sort(cases.begin(), cases.end(),
                   [](const CaseResult* a, const CaseResult* b) { return rank_of(a) < rank_of(b); });
  std::string text = fmt::format("### {}: offlab {}\n\n{}\n\n", sign_of(run.outcome), code(run.name),
                                 escaped_sentence(verdict_sentence(run)));
  text += "| outcome | case | class | goodput | control | refused |\n|---|---|---|--:|--:|--:|\n";
  std::size_t rows = 0;
  for (const CaseResult* one : cases) {
    const std::string more = row(*one);
    if (text.size() + more.size() + closing_line > most_bytes) break;
    text += more;
    ++rows;
  }
  text += "\n";
  if (rows < cases.size()) text += fmt::format("{} more cases are in run.json.\n\n", cases.size() - rows);
  std::size_t left_out = 0;
  for (const CaseResult* one : cases) {
    if (one->outcome == Outcome::pass || one->outcome == Outcome::skip) continue;
    const std::string more = evidence_of_case(*one);
    if (text.size() + more.size() + closing_line > most_bytes)
      ++left_out;
    else
      text += more;
  }
  if (left_out > 0) text += fmt::format("The evidence of {} more cases is in report.html.\n", left_out);
  return text;
}

}  // namespace offlab
