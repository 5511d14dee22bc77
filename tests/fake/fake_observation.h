// Looks at the fake taps and the traffic through them. Its captures have statistics, and files where a recording is
// played.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "fake/fake_taps.h"
#include "fake/fake_traffic.h"
#include "port/observation.h"

namespace offlab {

class FakeObservation : public Observation {
 public:
  FakeObservation(const FakeTaps& taps, const FakeTraffic& traffic) : taps_(taps), traffic_(traffic) {}

  std::string cannot_start;                        // why captures fail when they are started
  std::string cannot_stop;                         // why they fail when they are stopped
  std::string cannot_sample;                       // why taps cannot be sampled
  std::filesystem::path played;                    // folder with the files of a recorded leg; empty: none
  std::vector<CaptureStatistics> played_captures;  // of it
  std::vector<CaptureRequest> requests;            // of the last capture
  int running = 0;                                 // captures
  std::function<void()> gives_up = [] {};          // whoever sampled does so no longer

  Observability shows() const override { return {}; }
  TapState tap_state(const std::string& tap) override { return taps_.state(tap); }

  TapSample sample(const std::string& tap) override {
    if (!cannot_sample.empty()) {
      gives_up();
      throw Error(cannot_sample);
    }
    return {0, tap, traffic_.bytes_out(), traffic_.bytes_in(), taps_.word(tap).tso4};
  }

  std::unique_ptr<Capture> start_capture(const std::vector<CaptureRequest>& asked) override {
    if (!cannot_start.empty()) throw Error(cannot_start);
    requests = asked;
    return std::make_unique<Running>(*this, asked);
  }

 private:
  class Running : public Capture {
   public:
    Running(FakeObservation& owner, std::vector<CaptureRequest> requests)
        : owner_(owner), requests_(std::move(requests)) {
      ++owner_.running;
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() override { --owner_.running; }

    std::uint64_t bogus_errors(const std::string&) const override { return owner_.traffic_.bogus_errors(); }

    std::vector<CaptureStatistics> stop() override {
      if (!owner_.cannot_stop.empty()) throw Error(owner_.cannot_stop);
      std::vector<CaptureStatistics> all;
      for (const CaptureRequest& request : requests_) {
        all.push_back({request.point, request.file.filename()});
        if (!owner_.played.empty()) std::filesystem::copy_file(owner_.played / request.file.filename(), request.file);
        for (const CaptureStatistics& played : owner_.played_captures)
          if (played.point == request.point) all.back() = played;
      }
      return all;
    }

   private:
    FakeObservation& owner_;
    std::vector<CaptureRequest> requests_;
  };

  const FakeTaps& taps_;
  const FakeTraffic& traffic_;
};

}  // namespace offlab
