#include "unit/runner/capture_matrix.h"

#include <algorithm>
#include <cctype>
#include <future>
#include <thread>

#include "base/error.h"
#include "runner/analyze_captures.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr const char* refused = "error";

bool contains_any(const std::vector<FaultClass>& classes, const std::vector<FaultClass>& wanted) {
  return std::find_first_of(classes.begin(), classes.end(), wanted.begin(), wanted.end()) != classes.end();
}

std::string words_of(const std::vector<FaultClass>& classes) {
  std::string words;
  for (const FaultClass fault : classes) words += (words.empty() ? "" : ", ") + std::string(to_string(fault));
  return words.empty() ? "-" : words;
}

std::string violated_in(const CaptureVerdict& verdict) {
  std::string words;
  for (const Finding& finding : verdict.findings)
    if (finding.outcome == Outcome::fail)
      words += (words.empty() ? "" : ", ") + std::string(to_string(finding.invariant));
  return words.empty() ? "-" : words;
}

std::string without(std::string text, const std::string& piece) {
  for (auto at = text.find(piece); at != std::string::npos; at = text.find(piece)) text.erase(at, piece.size());
  return text;
}

std::string suffix_of(const CaptureContent& content) {
  return content.interfaces == 0 ? ".pcap" : ".pcapng";
}

// The name of a folder.
std::string folder_name(const CaptureKind& kind) {
  std::string name = kind.group + " " + kind.name;
  for (char& letter : name)
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0 && letter != '.' && letter != '+') letter = '-';
  return name;
}

// Of every so many-th kind, from one of them on.
std::vector<MatrixCell> judge_kinds(std::size_t first, std::size_t step, const fs::path& folder) {
  std::vector<MatrixCell> cells;
  for (std::size_t at = first; at < capture_kinds().size(); at += step) {
    const CaptureKind& kind = capture_kinds()[at];
    for (const FieldPair& pair : field_pairs()) cells.push_back(judge_cell(kind, pair, folder / folder_name(kind)));
  }
  return cells;
}

}  // namespace

std::vector<MatrixCell> judge_matrix(const fs::path& folder) {
  capture_kinds();  // what is made once is made before the threads begin
  field_pairs();
  const std::size_t threads = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::future<std::vector<MatrixCell>>> parts;
  for (std::size_t thread = 0; thread < threads; ++thread)
    parts.push_back(std::async(std::launch::async, judge_kinds, thread, threads, folder));
  std::vector<MatrixCell> cells;
  for (auto& part : parts)
    for (MatrixCell& cell : part.get()) cells.push_back(std::move(cell));
  std::stable_sort(cells.begin(), cells.end(),
                   [](const MatrixCell& one, const MatrixCell& other) { return one.kind < other.kind; });
  return cells;
}

MatrixCell judge_cell(const CaptureKind& kind, const FieldPair& pair, const fs::path& folder) {
  const std::vector<CaptureContent> files = kind.convert(pair.frames);
  ForeignEvidence evidence;
  evidence.first = {folder / (pair.name + "-1" + suffix_of(files.at(0)))};
  write_capture(evidence.first[0], files[0]);
  if (files.size() > 1) {
    evidence.second = {folder / (pair.name + "-2" + suffix_of(files[1]))};
    write_capture(evidence.second[0], files[1]);
  }
  MatrixCell cell{&kind, &pair, "", {}, ""};
  try {
    const JudgedCaptures judged = analyze_captures(evidence, {});
    cell.outcome = to_string(judged.verdict.outcome);
    cell.classes = judged.verdict.classes;
    cell.violated = violated_in(judged.verdict);
  } catch (const Error& error) {
    cell.outcome = refused;
    cell.violated = without(error.what(), folder.string() + "/");
  }
  return cell;
}

bool is_right(const MatrixCell& cell) {
  const FaultClass fault = cell.pair->fault;
  if (cell.outcome == to_string(Outcome::inconclusive)) return true;
  const bool is_healthy = fault == FaultClass::healthy && !cell.kind->stops_forwarding;
  if (cell.outcome == to_string(Outcome::pass)) return is_healthy;
  if (cell.outcome == refused) return cell.kind->has_no_data;
  if (cell.outcome != to_string(Outcome::fail) || is_healthy) return false;
  std::vector<FaultClass> true_ones = {fault};
  if (cell.kind->stops_forwarding) true_ones = {fault, FaultClass::silent_size_drop, FaultClass::pmtud_blackhole};
  return contains_any(cell.classes, true_ones);
}

std::string describe(const MatrixCell& cell) {
  return cell.kind->group + ": " + cell.kind->name + " | " + cell.pair->name + " | " + cell.outcome + " | " +
         words_of(cell.classes) + " | " + cell.violated;
}

std::string matrix_markdown(const std::vector<MatrixCell>& cells) {
  std::string text = "| kind |";
  std::string line = "|---|";
  for (const FieldPair& pair : field_pairs()) {
    text += " " + pair.name + " |";
    line += "---|";
  }
  text += "\n" + line + "\n";
  std::string group;
  for (const CaptureKind& kind : capture_kinds()) {
    if (kind.group != group) {
      group = kind.group;
      text += "| **" + group + "** |" + std::string(field_pairs().size(), '|') + "\n";
    }
    text += "| " + kind.name + " |";
    for (const MatrixCell& cell : cells) {
      if (cell.kind != &kind) continue;
      text += " " + (cell.outcome == to_string(Outcome::fail) ? words_of(cell.classes) : cell.outcome) + " |";
    }
    text += "\n";
  }
  return text;
}

}  // namespace offlab
