// Carries out the steps of one leg.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "lab/background_load.h"
#include "lab/end_shell.h"
#include "lab/lab.h"

namespace offlab {

class GuestFamily;

class LegRunner {
 public:
  LegRunner(const LabPlan& lab, const CasePlan& of, const LegPlan& leg, LabPorts ports, std::filesystem::path folder,
            const std::stop_token& stop, LegObservation& seen, LegMemory& memory);
  LegRunner(const LegRunner&) = delete;
  LegRunner& operator=(const LegRunner&) = delete;
  // Ends a background load and puts forced taps and moved ones back; a capture that is still running is written out.
  ~LegRunner();

  void operator()(const step::RunCommands& run);
  void operator()(const step::ApplySettings& apply);
  void operator()(const step::CheckPath& check);
  void operator()(const step::SetMerging& merging);
  void operator()(const step::ForceTap& force);
  void operator()(const step::ReleaseTaps& release);
  void operator()(const step::StartCapture& start);
  void operator()(const step::StopCapture& stop);
  void operator()(const step::TakeSnapshot& take);
  void operator()(const step::Transfer& transfer);
  void operator()(const step::CheckStream& stream);
  void operator()(const step::StartBackground& start);
  void operator()(const step::StopBackground& stop);
  void operator()(const step::JoinEnds& ends);
  void operator()(const step::PartEnds& part);

 private:
  void expect_other_offloads(const step::NodeSettings& node);
  std::string offload_script(const step::NodeSettings& node);
  void apply_to(const step::NodeSettings& node, const std::string& offloads);
  std::string feature_words(const GuestFamily& family, const NicRef& nic, const step::WantedFeatures& features) const;
  void forget_offloads(const std::string& node, const std::string& device);
  const NicPlan& nic_plan(const std::string& node, const std::string& device) const;
  NicRef nic_of(const std::string& node, const std::string& device) const;
  void remember_offloads(const Snapshot& snapshot);
  std::string offload_state() const;
  std::map<std::string, std::string> read_guests(const std::string& moment);
  std::string read_guest(const NodePlan& node, const std::string& moment);
  void restore_word(const std::pair<std::string, OffloadWord>& saved);
  std::vector<std::string> test_taps() const;  // and the ports of merge stages

  const LabPlan& lab_;
  const LegPlan& leg_;
  std::string id_;
  std::string mark_;  // names the leg in the guests' kernel logs
  LabPorts ports_;
  EndShell ends_;
  std::filesystem::path folder_;
  std::stop_token stop_;
  LegObservation& seen_;
  LegMemory& memory_;
  std::unique_ptr<Capture> capture_;
  std::unique_ptr<BackgroundLoad> background_;
  std::vector<std::pair<std::string, OffloadWord>> saved_words_;
  std::vector<step::SetMerging> merging_;  // stages that do not just pass frames
  std::optional<step::JoinEnds> joined_;
};

}  // namespace offlab
