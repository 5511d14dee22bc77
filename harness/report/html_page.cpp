#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "base/clean_text.h"
#include "base/digest.h"
#include "report/html_report.h"
#include "report/page_assets.h"
#include "report/report_json.h"

namespace offlab {
namespace {

using json = nlohmann::ordered_json;

// Text between tags and in quoted attributes.
std::string escaped(std::string_view text) {
  std::string html;
  for (const char c : clean_line(text)) switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        html += c;
    }
  return html;
}

std::string dumped(const json& value) {
  return value.dump(-1, ' ', true, json::error_handler_t::replace);
}

// JSON in a <script>: no text in it can end the element. These characters stand in strings only.
std::string in_script(const std::string& text) {
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) {
    if (c == '<' || c == '>' || c == '&')
      safe += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      safe += c;
  }
  return safe;
}

// `parts`: what stands for @NAME@. What they hold is not looked through.
std::string filled(std::string_view page, const std::map<std::string_view, std::string>& parts) {
  std::string text;
  while (!page.empty()) {
    const auto at = page.find('@');
    text += page.substr(0, at);
    if (at == std::string_view::npos) break;
    page.remove_prefix(at + 1);
    const auto end = page.find('@');
    const auto part = parts.find(page.substr(0, end));
    if (end == std::string_view::npos || part == parts.end()) {
      text += '@';
      continue;
    }
    text += part->second;
    page.remove_prefix(end + 1);
  }
  return text;
}

// The page may run its two scripts and nothing else, and may ask for nothing.
std::string content_policy() {
  return fmt::format(
      "default-src 'none'; script-src 'sha256-{}' 'sha256-{}'; style-src 'unsafe-inline'; img-src data:; "
      "base-uri 'none'; form-action 'none'",
      sha256_base64(page::chart), sha256_base64(page::script));
}

// Whose charts are wanted most: 0 first.
int need_of(const CaseResult& one) {
  switch (one.outcome) {
    case Outcome::fail:
      return 0;
    case Outcome::inconclusive:
      return 1;
    case Outcome::error:
      return 2;
    case Outcome::pass:
      return one.forwarding == Outcome::fail ? 3 : 4;
    case Outcome::skip:
      return 5;
  }
  return 5;
}

// What a table shows of a case, without what only its own page shows.
void shorten(json& one) {
  json findings = json::array();
  for (const json& finding : one.at("findings"))
    if (finding.at("outcome") != "pass" || finding.at("warning")) findings.push_back(finding);
  one["findings"] = findings;
  for (const char* name : {"files", "settings", "counters"}) one[name] = json::array();
}

class PageData {
 public:
  explicit PageData(const HtmlReport& report) : document_(report_head_json(report)) {
    std::vector<CasePicture> pictures;
    json topologies = json::array();
    for (const ReportCase& one : report.cases) {
      const CasePicture& picture = one.profile.picture;
      const auto known = std::find(pictures.begin(), pictures.end(), picture);
      const auto number = static_cast<int>(known - pictures.begin());
      if (known == pictures.end() && !picture.path.empty()) {
        pictures.push_back(picture);
        topologies.push_back(report_topology_json(picture));
      }
      cases_.push_back(report_case_json(one, picture.path.empty() ? -1 : number));
      legs_.push_back(report_legs_json(one.profile));
      by_need_.push_back(by_need_.size());
    }
    document_["topologies"] = topologies;
    std::stable_sort(by_need_.begin(), by_need_.end(), [&](std::size_t a, std::size_t b) {
      return need_of(report.cases[a].result) < need_of(report.cases[b].result);
    });
  }

  // With the charts of as many cases as there is room for.
  std::string text(std::size_t most_bytes) {
    std::size_t bytes = size_of(document_);
    for (const json& one : cases_) bytes += size_of(one);
    for (auto at = by_need_.rbegin(); at != by_need_.rend() && bytes > most_bytes; ++at) {
      bytes -= size_of(cases_[*at]);
      shorten(cases_[*at]);
      bytes += size_of(cases_[*at]);
    }
    std::size_t left_out = 0;
    for (const std::size_t at : by_need_) {
      const std::size_t more = size_of(legs_[at]);
      if (bytes + more > most_bytes) {
        if (!legs_[at].empty()) ++left_out;
        continue;
      }
      bytes += more;
      cases_[at]["legs"] = std::move(legs_[at]);
    }
    document_["left_out"] = left_out;
    document_["cases"] = cases_;
    return in_script(dumped(document_));
  }

 private:
  static std::size_t size_of(const json& value) {
    constexpr std::size_t separators = 16;
    return in_script(dumped(value)).size() + separators;
  }

  json document_;
  std::vector<json> cases_;
  std::vector<json> legs_;
  std::vector<std::size_t> by_need_;
};

}  // namespace

std::string html_report(const HtmlReport& report, std::size_t most_bytes) {
  const std::size_t fixed = page::html.size() + page::style.size() + page::script.size() + page::chart.size();
  const std::size_t room = most_bytes > fixed ? most_bytes - fixed : 0;
  return filled(page::html, {{"CSP", content_policy()},
                             {"TITLE", escaped(report.title)},
                             {"SENTENCE", escaped(report.sentence)},
                             {"STYLE", std::string(page::style)},
                             {"CHART", std::string(page::chart)},
                             {"SCRIPT", std::string(page::script)},
                             {"DATA", PageData(report).text(room)}});
}

}  // namespace offlab
