// How long things may take, in one table. A worker waits as long as this; whoever waits for a worker waits a little
// longer, so that it is always the worker that says what did not come.
#pragma once

#include <chrono>

#include "plan/plan.h"

namespace offlab::limits {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A lab's start.
inline constexpr seconds hypervisor{60};         // libvirt's first start probes QEMU: 4 s, 40 s on a busy machine
inline constexpr seconds boot{90};               // from its start until a guest takes commands; a disk has its own
inline constexpr seconds longest_boot{1800};     // that a disk's recipe may ask for
inline constexpr seconds refusing{20};           // logins, while a disk's system boots
inline constexpr seconds settle{60};             // of a disk's system: until it has started what it starts
inline constexpr seconds tools{60};              // until a disk's system has what offlab brings
inline constexpr seconds own_configuration{20};  // until it has configured itself as the file says
inline constexpr seconds reached{10};            // an existing machine, until it takes commands
inline constexpr seconds restore{10};            // from its saved state until it does
inline constexpr seconds configuration{60};      // of one guest

// A step.
inline constexpr seconds command{20};  // one command in a guest, or one script of several
inline constexpr int path_attempts = 10;
inline constexpr seconds path{path_attempts + 10};
inline constexpr seconds transfer_margin{15};      // beyond the traffic: iperf3's start and its report
inline constexpr milliseconds bind{300};           // after which a server that could not listen has ended
inline constexpr seconds connect{5};               // of its first connection
inline constexpr seconds overtime{7};              // after which a transfer that has not ended is asked to
inline constexpr seconds transfer_report{5};       // of the end that listened, after the transfer
inline constexpr seconds stream{5};                // the fixed-byte transfer
inline constexpr milliseconds broken_stream{800};  // the same after a storm, which must not draw it out
inline constexpr seconds answer{3};                // of a guest that is asked whether it still lives
inline constexpr seconds silence{3};               // of an existing router while it is measured

// A worker.
inline constexpr seconds hello{30};       // from its start until it says hello
inline constexpr seconds request{30};     // until it has taken its request
inline constexpr seconds probe{15};       // a kernel's boot under KVM: ten times what a stock one takes
inline constexpr seconds image{600};      // the build of a guest image
inline constexpr seconds settings{60};    // of a lab that stays: switched, or put back
inline constexpr milliseconds end{1000};  // of a worker that was asked to end
inline constexpr seconds give_back{60};   // the same, where machines or hosts are to be as before

// What a busy machine may take beyond all that before a worker counts as hanging.
inline constexpr seconds margin{30};

// How long a worker takes at most.
milliseconds of(const Step& step);
milliseconds of(const CasePlan& plan);
milliseconds start(milliseconds boot_limit = boot);
// Of the slowest guest of the lab, until it takes commands.
milliseconds boot_of(const LabPlan& lab);

// Of the commands of a load, from its start until they have ended by themselves.
milliseconds of_background(const step::StartBackground& load);

// How long a worker says nothing at most.
milliseconds silence_at_start(milliseconds boot_limit = boot);
milliseconds silence_in(const CasePlan& plan);

}  // namespace offlab::limits
