// A run with a case of every outcome, for the reports.
#pragma once

#include "model/verdict.h"
#include "verdict/diagnosis.h"

namespace offlab {

inline LegMeasurements sample_leg(double goodput_bps, std::uint64_t refused) {
  LegMeasurements leg;
  leg.goodput_bps = goodput_bps;
  leg.uplink_bps = goodput_bps * 1.5;
  leg.intervals = {{0, 0.1, goodput_bps / 2, true}, {0.1, 0.1, goodput_bps, false}};
  leg.frag_fails = leg.frag_needed_router = leg.frag_needed_sender = refused;
  leg.frag_oks = leg.frag_creates = leg.reassembly_requests = 0;
  leg.retransmitted_segments = refused * 2;
  leg.sent_segments = 200;
  leg.capture.emplace();
  leg.capture->data_frames = 168;
  leg.capture->data_payload_bytes = 266'726;
  leg.capture->acked_bytes = refused == 0 ? 266'726 : 203'014;
  leg.capture->superframes = 18;
  leg.capture->frag_needed = leg.capture->bogus = refused;
  if (refused > 0) {
    leg.capture->smallest_advertised_mtu = leg.capture->largest_advertised_mtu = 1500;
    leg.capture->smallest_quoted_length = 2948;
    leg.capture->largest_quoted_length = 7292;
    leg.capture->evidence[Invariant::bogus_frag_needed] = {
        {"router-wan", 20, 0.028566556, "IP 198.18.2.2.5201 > 198.18.1.2.50978: Flags [P.], seq 1:7241, length 7240"},
        {"router-wan", 22, 0.034954653,
         "IP 198.18.2.1 > 198.18.2.2: ICMP 198.18.1.2 unreachable - need to frag (mtu 1500), length 556"}};
  }
  leg.kernel_logs_read = true;
  return leg;
}

inline CaseResult sample_case(const std::string& id, Outcome outcome, std::optional<FaultClass> fault) {
  CaseResult one{id, {{"router.lro", "off"}}, outcome, outcome, fault, FaultClass::healthy, "", {}, {}, {},
                 {}, "cases/01-" + id};
  if (fault) {
    one.measured = sample_leg(*fault == FaultClass::healthy ? 412e6 : 1.9e6, *fault == FaultClass::healthy ? 0 : 18);
    one.control = sample_leg(400e6, 0);
    one.artifacts = {one.folder + "/case.json", one.folder + "/case/router-wan.pcapng"};
  }
  return one;
}

inline RunResult sample_run() {
  CaseResult storm = sample_case("hypervisor-lro", Outcome::fail, FaultClass::lro_orphan_storm);
  storm.findings = {{Invariant::bogus_frag_needed, Outcome::fail, 18, 0, "the router refused 18 packets", false,
                     evidence_of(*storm.measured->capture, Invariant::bogus_frag_needed)},
                    {Invariant::throughput_floor, Outcome::pass, 0.4, 0.5, "goodput low", true, {}},
                    {Invariant::state_held, Outcome::pass, 0, 0, "every setting read back equal", false, {}}};
  CaseResult healthy = sample_case("control-lro-on", Outcome::pass, FaultClass::healthy);
  healthy.findings = {
      {Invariant::bogus_frag_needed, Outcome::pass, 0, 0, "no packet of the flow was refused", false, {}}};
  CaseResult unclear = sample_case("smaller-client-mtu", Outcome::inconclusive, FaultClass::healthy);
  unclear.fault_class.reset();
  unclear.reason = "throughput-floor: no goodput: iperf3 exited with status 1";
  unclear.measured->goodput_bps.reset();
  unclear.measured->frag_fails.reset();
  unclear.findings = {{Invariant::throughput_floor, Outcome::inconclusive, std::nullopt, 0.5, "no goodput", false, {}}};
  CaseResult skipped = sample_case("virtio", Outcome::skip, std::nullopt);
  skipped.reason = "virtio has no LRO";
  CaseResult broken = sample_case("router.model=e1000", Outcome::error, std::nullopt);
  broken.reason = "starting domain 'router': <no \"kernel\"> & no initrd";
  for (CaseResult* one : {&storm, &healthy}) one->diagnosis = diagnose(*one);
  for (CaseResult* one : {&storm, &healthy, &unclear}) one->recorded = Recorded::recorded;
  skipped.recorded = Recorded::skipped;
  broken.recorded = Recorded::broken;
  return {Outcome::fail,
          Question::healthy,
          "vmxnet3-router",
          "A vmxnet3 router",
          {{"accel", "tcg"}, {"cpus", "2"}, {"kernel", "6.18.44"}, {"libvirt", "9.0.0"}, {"qemu", "7.2.22"}},
          {{"name", "debian-12"}, {"digest", "090d0aea"}, {"kernel", "6.1.0-56-amd64"}},
          {{"iperf3", "3.12-1+deb12u2"}},
          "2026-11-24T06:38:54Z",
          37.05,
          {storm, healthy, unclear, skipped, broken}};
}

}  // namespace offlab
