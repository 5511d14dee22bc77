#include "fuzz/documents.h"

#include <algorithm>
#include <stdexcept>

#include "base/parse_json.h"
#include "base/read_file.h"
#include "fuzz/small_run.h"
#include "record/control_request.h"
#include "record/lab_entry.h"
#include "record/leg_files.h"
#include "record/live_state_json.h"
#include "record/message.h"
#include "record/plan_json.h"
#include "record/run_folder.h"
#include "record/run_json.h"
#include "record/worker_request.h"
#include "runner/run_matrix.h"
#include "unit/recorded_run.h"
#include "unit/temp_folder.h"

namespace offlab::fuzz {
namespace {

LabPlan lab_with(std::size_t cases) {
  LabPlan lab = recorded_plan().labs.at(0);
  lab.cases.resize(cases);
  return lab;
}

std::string sample_entry() {
  LabEntry entry;
  entry.name = "demo";
  entry.state = LabState::up;
  entry.file = "/root/demo.toml";
  entry.case_id = "broken";
  entry.axes = {"router.model=vmxnet3"};
  entry.set = {{"router.lro", "on"}};
  entry.supervisor = {100, 7};
  entry.init = {101, 8};
  entry.accelerator = "tcg";
  entry.guest_keys = {{"router", "a key"}};
  entry.plan = lab_with(0);
  return lab_entry_to_json(entry);
}

std::string sample_state() {
  LiveState state;
  state.nics[{"router", "wan"}] = {1500, {{"large-receive-offload", true}}};
  state.taps["router-wan"] = {true, true, false, HypervisorLro::passthrough};
  state.df["server"] = true;
  state.values["router"]["net.ipv4.ip_forward"] = "1";
  return live_state_to_json(state);
}

std::string sample_worker_request() {
  WorkerRequest request;
  request.lab = lab_with(1);
  request.images["debian-12"] = {"images/a/vmlinux", "images/a/initrd", "d"};
  return worker_request_to_json(request);
}

std::vector<Message> sample_messages() {
  return {message::Hello{2, "0.1.0+abc", 2, {25'000'000'000}},
          message::Probed{false, "it hung"},
          message::ImageReady{true},
          message::Refused{"no lro"},
          message::Failed{"no tun", "load it"},
          Event(event::Note{"slow"}),
          Event(event::LabStage{"boot", "a"}),
          Event(event::NodeReady{"router", 2.5, true}),
          Event(event::StepStarted{"a", "case", "transfer"}),
          Event(event::TransferProgress{"a", "case", 1, 2, 3}),
          Event({"lab-1", 2}, event::CaseRecorded{"a", Recorded::broken, "why"}),
          Event(event::LabFailed{"a", "b"})};
}

// What was read is told on, and reads the same.
void read_message(const std::string& line) {
  const std::string told = message_to_line(message_from_line(line));
  if (message_to_line(message_from_line(told)) != told) throw std::logic_error("it changes on its way: " + told);
}

// The files of a small run, which is judged.
void add_run(std::vector<Document>& all) {
  const TempFolder temp(memory_folder());
  make_small_run(temp.path());
  const RunFolder folder(temp.path());
  const std::string leg = judged_case + std::string("/case/");
  const auto add = [&](const std::string& file, const std::function<void(const std::string&)>& read) {
    all.push_back({file, folder.read_text(leg + file), read});
  };
  add("before/taps.json", [](const std::string& text) { taps_from_json(text); });
  add("captures.json", [](const std::string& text) { captures_from_json(text); });
  add("stream.json", [](const std::string& text) { stream_from_json(text); });
  all.push_back({"background.json", background_to_json({"listening\n{\"end\": \"input\"}\n", "connected\n", ""}),
                 [](const std::string& text) { background_from_json(text); }});
  add("samples.csv", [](const std::string& text) { samples_from_csv(text); });
  add("transfer.json", [](const std::string& text) {
    LegObservation seen;
    transfer_from_json(text, seen);
  });
  const auto plan = [](const std::string& text) { plan_from_json(parse_json(text, "plan.json")); };
  all.push_back({"plan.json", folder.read_text("plan.json"), plan});
  all.push_back({"plan.json of version 3", small_earlier_plan(), plan});
  all.push_back({"run.json", run_json(judge_run(folder.read_plan(), folder)),
                 [](const std::string& text) { run_json(run_from_json(text)); }});
}

std::vector<Document> make_documents() {
  const std::vector<Step> steps = lab_with(0).configuration;
  const auto request = [](const std::string& line) { control::request_from_line(line); };
  std::vector<Document> all = {
      {"lab.json", sample_entry(), [](const std::string& text) { lab_entry_from_json(text); }},
      {"live.json", sample_state(), [](const std::string& text) { live_state_from_json(text); }},
      {"request set", control::request_to_line(control::Set{steps}), request},
      {"request cases", control::request_to_line(control::Cases{steps, lab_with(1), steps}), request},
      {"worker request", sample_worker_request(), [](const std::string& text) { worker_request_from_json(text); }}};
  for (const Message& one : sample_messages()) all.push_back({"message", message_to_line(one), read_message});
  add_run(all);
  return all;
}

}  // namespace

const std::vector<Document>& documents() {
  static const std::vector<Document> all = make_documents();
  return all;
}

const std::string& document(const std::string& name) {
  const auto found =
      std::find_if(documents().begin(), documents().end(), [&](const Document& one) { return one.name == name; });
  if (found == documents().end()) throw std::logic_error("no document " + name);
  return found->text;
}

}  // namespace offlab::fuzz
