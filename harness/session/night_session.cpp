#include "session/night_session.h"

#include <algorithm>
#include <chrono>
#include <csignal>

#include <fmt/core.h>
#include <unistd.h>

#include "base/calendar.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/host_name.h"
#include "base/usage_error.h"
#include "base/version.h"
#include "config/parse_campaign.h"
#include "history/sqlite_history.h"
#include "plan/make_plan.h"
#include "process/stop_signals.h"
#include "process/subprocess.h"
#include "record/night_json.h"
#include "record/run_json.h"
#include "session/accelerator.h"
#include "session/host_pool.h"
#include "session/html_reports.h"
#include "session/kept_programs.h"
#include "session/named_files.h"
#include "session/own_labs.h"
#include "session/paths.h"
#include "session/scenario_file.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr const char* begin_file = "begin.json";
constexpr std::chrono::hours longest_repeat{1};

ScenarioOptions options_of(const CampaignPart& part, const fs::path& campaign) {
  ScenarioOptions options;
  options.file = (campaign.parent_path() / part.file).lexically_normal();
  options.cases = part.cases;
  options.axes = part.axes;
  options.excluded = part.exclude;
  options.pairwise = part.pairwise;
  options.t_way = part.t_way;
  options.duration = part.duration;
  return options;
}

Question question_of(const CampaignPart& part) {
  return part.as_expected ? Question::as_expected : Question::healthy;
}

Campaign read_campaign(const std::string& text, const std::string& file) {
  ParsedCampaign parsed = parse_campaign(text, file);
  if (!parsed.campaign) throw UsageError(render(parsed.diagnostics, text));
  return std::move(*parsed.campaign);
}

std::vector<QuarantineEntry> read_quarantine(const std::string& text, const std::string& file) {
  ParsedQuarantine parsed = parse_quarantine(text, file);
  if (!parsed.entries) throw UsageError(render(parsed.diagnostics, text));
  return std::move(*parsed.entries);
}

// A mistake in a file that was right when the night began is an error of the night.
template <typename Action>
auto as_error(Action action) {
  try {
    return action();
  } catch (const UsageError& error) {
    throw Error(error.what());
  }
}

// What an earlier night found of the part, in the words of a run's order and budget.
LastResults last_results(const std::string& part, const std::vector<HistoryRow>& earlier) {
  LastResults last;
  for (const HistoryRow& row : earlier)
    if (row.last && row.part == part && (row.outcome == Outcome::pass || row.outcome == Outcome::fail))
      last[row.case_id] = {row.outcome == Outcome::pass, row.seconds};
  return last;
}

}  // namespace

class PreparedNight {
 public:
  PreparedNight(RunFolder folder, Campaign campaign, fs::path campaign_file, NightQuestion question, fs::path history,
                std::unique_ptr<RunHistory> nights, NightOptions options)
      : folder_(std::move(folder)),
        campaign_(std::move(campaign)),
        campaign_file_(std::move(campaign_file)),
        question_(std::move(question)),
        history_(std::move(history)),
        nights_(std::move(nights)),
        options_(std::move(options)) {}

  const RunFolder& folder() const { return folder_; }
  const NightQuestion& question() const { return question_; }
  const fs::path& history() const { return history_; }
  RunHistory& nights() const { return *nights_; }
  const NightOptions& options() const { return options_; }
  const fs::path& campaign_file() const { return campaign_file_; }

  const CampaignPart& part_named(const std::string& name) const {
    return *std::find_if(campaign_.parts.begin(), campaign_.parts.end(),
                         [&](const CampaignPart& part) { return part.name == name; });
  }

 private:
  RunFolder folder_;
  Campaign campaign_;
  fs::path campaign_file_;
  NightQuestion question_;
  fs::path history_;
  std::unique_ptr<RunHistory> nights_;
  NightOptions options_;
};

namespace {

class OwnNightLabs : public NightLabs {
 public:
  OwnNightLabs(const PreparedNight& night, RunListener& listener)
      : night_(night), listener_(listener), started_(seconds_since_epoch(night.question().night.started)) {}

  PartRun run(const NightPart& part, std::optional<double> seconds, const std::vector<HistoryRow>& earlier) override {
    const fs::path out = night_.folder().path() / "parts" / part.name;
    PartRun result{.folder = out.string()};
    try {
      if (fs::exists(out / "plan.json")) {
        take(resume_session(session_options(part, out, seconds, earlier), *place(), listener_), result);
      } else if (seconds && *seconds <= 0) {
        result.run = nothing_begun(part);
      } else {
        const CampaignPart& known = night_.part_named(part.name);
        ScenarioOptions options = options_of(known, night_.campaign_file());
        options.known = last_results(part.name, earlier);
        const LoadedScenario loaded = load_scenario(options);
        check_unchanged(part, loaded);
        fs::remove_all(out);  // killed before there was a plan
        const auto labs = place();
        const RunPlan plan = make_plan(loaded.scenario, loaded.cases, question_of(known), labs->observable());
        take(run_session(plan, loaded.files, session_options(part, out, seconds, earlier), *labs, listener_), result);
      }
    } catch (const UsageError& error) {
      result.trouble = error.what();
    } catch (const Interrupted&) {
      throw;
    } catch (const std::exception& error) {
      result.trouble = error.what();
    }
    return result;
  }

  std::vector<CaseResult> again(const CaseToRepeat& repeat, unsigned times, const std::string& name) override {
    const CampaignPart& known = night_.part_named(repeat.part.name);
    const LoadedScenario loaded = as_error([&] { return load_scenario(options_of(known, night_.campaign_file())); });
    check_unchanged(repeat.part, loaded);
    std::vector<Case> cases;
    for (const Case& one : loaded.cases)
      if (one.id == repeat.case_id)
        for (unsigned i = 1; i <= times; ++i) {
          cases.push_back(one);
          cases.back().id = fmt::format("again-{}", i);
        }
    if (cases.empty()) throw Error(fmt::format("{} has no case '{}' any more", known.file, repeat.case_id));
    const auto labs = as_error([&] { return place(repeat.host); });
    const RunPlan plan = make_plan(loaded.scenario, cases, question_of(known), labs->observable());
    const SessionResult session =
        as_error([&] { return run_session(plan, loaded.files, {.out = fresh_folder(name)}, *labs, listener_); });
    if (session.interrupted) throw Interrupted();
    std::vector<CaseResult> results = session.run.cases;
    for (CaseResult& one : results) one.folder = session.folder.string();
    return results;
  }

  CaseResult again_with(const CaseToRepeat& repeat, const LastGood& inputs, const std::string& name) override {
    const fs::path cache = cache_folder();
    const fs::path out = fresh_folder(name);
    std::vector<std::string> command = {"env"};
    const fs::path program =
        kept_program(cache, inputs.offlab.empty() ? std::string(program_version()) : inputs.offlab);
    command.push_back("OFFLAB_DATA=" + program.string());
    command.push_back((program / "offlab").string());
    add_run(repeat, inputs, out, command);
    StopSignals signals({SIGINT, SIGTERM, SIGHUP});
    const ProgramResult ended =
        run_program(command, Deadline("the case with what was good", longest_repeat), signals.token());
    if (signals.token().stop_requested()) throw Interrupted();
    if (!fs::exists(out / "run.json")) throw Error(last_line(ended.errors.empty() ? ended.output : ended.errors));
    RunResult run = run_from_json(RunFolder::open(out).read_text("run.json"));
    if (run.cases.size() != 1)
      throw Error(fmt::format("{} has {} cases instead of one", out.string(), run.cases.size()));
    run.cases[0].folder = out.string();
    return std::move(run.cases[0]);
  }

  double spent_seconds() const override {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration<double>(now).count() - started_;
  }

 private:
  static double seconds_since_epoch(const std::string& utc) {
    const auto seconds = seconds_of(utc);
    if (!seconds) throw Error(fmt::format("'{}' is no time", utc));
    return static_cast<double>(*seconds);
  }

  // Results are kept under the digest of the file as it was when the night began.
  static void check_unchanged(const NightPart& part, const LoadedScenario& loaded) {
    if (digest_of(loaded.files) != part.file_digest)
      throw Error(fmt::format("{} has changed since the night began", loaded.files.front().name));
  }

  static std::string last_line(const std::string& text) {
    const auto end = text.find_last_not_of('\n');
    if (end == std::string::npos) return "it printed nothing";
    const auto begin = text.rfind('\n', end);
    return text.substr(begin == std::string::npos ? 0 : begin + 1,
                       end - (begin == std::string::npos ? 0 : begin + 1) + 1);
  }

  // `host`: only this one of several.
  std::unique_ptr<RunPlaceFinder> place(const std::string& host = "") const {
    const NightOptions& night = night_.options();
    if (night.hosts.empty())
      return own_labs({.accelerator = night.accelerator, .cold = night.cold, .jobs = night.jobs});
    PoolChoices pool{.file = night.hosts, .tags = night.tags, .cold = night.cold};
    if (!host.empty()) pool.tags = {host};
    return host_pool(pool);
  }

  SessionOptions session_options(const NightPart& part, const fs::path& out, std::optional<double> seconds,
                                 const std::vector<HistoryRow>& earlier) const {
    return {.out = out,
            .retries = night_.part_named(part.name).retries,
            .budget_seconds = seconds,
            .last = last_results(part.name, earlier)};
  }

  static void take(SessionResult session, PartRun& result) {
    result.interrupted = session.interrupted;
    if (!session.run.cases.empty()) result.run = std::move(session.run);
  }

  // The night ended before it.
  static RunResult nothing_begun(const NightPart& part) {
    RunResult run{.outcome = Outcome::skip, .name = part.name};
    for (const NightCase& one : part.cases)
      run.cases.push_back({.id = one.id,
                           .outcome = Outcome::skip,
                           .forwarding = Outcome::skip,
                           .reason = "the night was too short for it",
                           .recorded = Recorded::left_out});
    return run;
  }

  // A repeat that was killed is not looked at again.
  fs::path fresh_folder(const std::string& name) const {
    const fs::path first = night_.folder().path() / name;
    fs::path folder = first;
    for (unsigned i = 2; fs::exists(folder); ++i) folder = first.string() + fmt::format(".{}", i);
    fs::create_directories(folder.parent_path());
    return folder;
  }

  void add_run(const CaseToRepeat& repeat, const LastGood& inputs, const fs::path& out,
               std::vector<std::string>& command) const {
    const CampaignPart& known = night_.part_named(repeat.part.name);
    const ScenarioOptions options = options_of(known, night_.campaign_file());
    const auto add = [&](const std::string& option, const std::string& value) {
      command.push_back(option);
      command.push_back(value);
    };
    command.emplace_back(known.as_expected ? "verify" : "run");
    command.push_back(options.file);
    add("--case", repeat.case_id);
    add("--out", out);
    for (const std::string& axis : options.axes) add("--axis", axis);
    for (const std::string& excluded : options.excluded) add("--exclude", excluded);
    if (options.pairwise) command.emplace_back("--pairwise");
    if (!options.t_way.empty()) add("--t-way", options.t_way);
    if (!options.duration.empty()) add("--duration", options.duration);
    if (night_.options().hosts.empty()) {
      add("--accel", night_.options().accelerator);
    } else {
      add("--hosts", night_.options().hosts);
      add("--tag", repeat.host);
    }
    if (!inputs.image.empty()) add("--image-digest", inputs.image);
  }

  const PreparedNight& night_;
  RunListener& listener_;
  double started_;
};

NightEntry new_entry(const Campaign& campaign, const fs::path& folder) {
  const std::string now = utc_now();
  const std::string unique = sha256_hex(fmt::format("{} {} {}", host_name(), getpid(), folder.string())).substr(0, 6);
  return {.id = fmt::format("{} {}", now, unique),
          .campaign = campaign.name,
          .started = now,
          .finished = "",
          .folder = folder.string()};
}

// Of a night that has not begun. Throws UsageError with the mistakes of all topology files.
NightQuestion new_question(const Campaign& campaign, const fs::path& file) {
  NightQuestion question;
  question.host = host_name();
  question.deadline_seconds = campaign.deadline_seconds;
  std::string mistakes;
  for (const CampaignPart& part : campaign.parts) try {
      const LoadedScenario loaded = load_scenario(options_of(part, file));
      NightPart planned{.name = part.name, .file_digest = digest_of(loaded.files), .cases = {}};
      for (const Case& one : loaded.cases) planned.cases.push_back({one.id, one.experimental});
      question.parts.push_back(std::move(planned));
    } catch (const UsageError& error) {
      mistakes += fmt::format("{}, part {}:\n{}", file.filename().string(), part.name, error.what());
    }
  if (!mistakes.empty()) throw UsageError(mistakes);
  return question;
}

fs::path history_of(const NightOptions& options, const Campaign& campaign, const fs::path& file,
                    const fs::path& folder) {
  if (!options.history.empty()) return fs::absolute(options.history);
  if (!campaign.history.empty()) return (file.parent_path() / campaign.history).lexically_normal();
  return folder.parent_path() / "history.sqlite";
}

std::string quarantine_of(const NightOptions& options, const Campaign& campaign, const fs::path& file) {
  if (!options.quarantine.empty()) return options.quarantine;
  return campaign.quarantine.empty() ? "" : (file.parent_path() / campaign.quarantine).string();
}

// A night that cannot be kept leaves no folder.
std::unique_ptr<RunHistory> open_named_history(const fs::path& file, const fs::path& empty_folder) {
  return as_usage([&] {
    try {
      return open_history(file);
    } catch (const Error&) {
      std::error_code ignored;
      fs::remove(empty_folder, ignored);
      throw;
    }
  });
}

std::shared_ptr<PreparedNight> begin_night(const NightOptions& options) {
  const std::string text = read_named_file(options.campaign);
  const fs::path file = fs::absolute(options.campaign).lexically_normal();
  Campaign campaign = read_campaign(text, options.campaign);
  const std::string quarantine_file = quarantine_of(options, campaign, file);
  const std::string quarantine = quarantine_file.empty() ? "" : read_named_file(quarantine_file);
  const std::vector<QuarantineEntry> entries = read_quarantine(quarantine, quarantine_file);
  NightQuestion question = new_question(campaign, file);  // all mistakes before there is a folder
  RunFolder folder = as_usage([&] {
    return RunFolder::create(options.out.empty() ? default_run_folder(campaign.name) : fs::path(options.out));
  });
  question.night = new_entry(campaign, folder.path());
  question.today = today();
  question.quarantine = entries;
  const fs::path history = history_of(options, campaign, file, folder.path());
  auto nights = open_named_history(history, folder.path());
  folder.write_text("campaign.toml", text);
  folder.write_text("quarantine.toml", quarantine);
  NightOptions begun = options;
  if (!begun.hosts.empty()) begun.hosts = fs::absolute(begun.hosts);
  folder.write_text(begin_file, night_begin_json({question, file.string(), history.string(), begun.accelerator,
                                                  begun.hosts, begun.tags}));
  return std::make_shared<PreparedNight>(std::move(folder), std::move(campaign), file, std::move(question), history,
                                         std::move(nights), begun);
}

std::shared_ptr<PreparedNight> take_up_night(const NightOptions& options) {
  RunFolder folder = as_usage([&] { return RunFolder::reopen(options.resume, begin_file); });
  NightBegin begin = as_usage([&] { return night_begin_from_json(folder.read_text(begin_file)); });
  Campaign campaign = read_campaign(folder.read_text("campaign.toml"), "campaign.toml");
  begin.question.quarantine = read_quarantine(folder.read_text("quarantine.toml"), "quarantine.toml");
  NightOptions taken_up = options;
  if (options.accelerator == "auto") taken_up.accelerator = begin.accelerator;
  if (options.hosts.empty()) {
    taken_up.hosts = begin.hosts;
    taken_up.tags = begin.tags;
  }
  const fs::path history = options.history.empty() ? fs::path(begin.history) : fs::absolute(options.history);
  auto nights = as_usage([&] { return open_history(history); });
  return std::make_shared<PreparedNight>(std::move(folder), std::move(campaign), begin.campaign_file,
                                         std::move(begin.question), history, std::move(nights), taken_up);
}

}  // namespace

std::vector<NightPart> check_campaign(const std::string& file) {
  return new_question(read_campaign(read_named_file(file), file), fs::absolute(file).lexically_normal()).parts;
}

std::shared_ptr<PreparedNight> prepare_night(const NightOptions& options) {
  check_accelerator(options.accelerator);
  if (!options.hosts.empty()) load_hosts({.file = options.hosts, .tags = options.tags});
  return options.resume.empty() ? begin_night(options) : take_up_night(options);
}

NightSession run_night_session(PreparedNight& night, RunListener& runs, NightListener& listener) {
  keep_this_program(cache_folder());
  OwnNightLabs labs(night, runs);
  NightSession session{run_night(night.question(), labs, night.nights(), listener), night.folder().path(),
                       night.history(), night.nights().nights().size() == 1};
  if (!session.report.interrupted) {
    night.nights().finish(night.question().night.id, utc_now());
    night.folder().write_text("night.json", night_json(session.report));
    write_html_report(report_of_night(session.report, fs::absolute(night.folder().path()).string()), night.folder());
  }
  return session;
}

int night_exit_code(const NightReport& report) {
  return report.interrupted ? interrupted_status : exit_code(report.outcome);
}

}  // namespace offlab
