// What is different about a lab of machines that exist: what can be seen of it, what may be switched, how much is sent.
#pragma once

#include "model/scenario.h"
#include "plan/plan.h"
#include "setting/guest_items.h"

namespace offlab {

// Nobody sees their taps; frames are captured inside of the machines or on the hosts that carry them.
Observability seen_of_existing(const Topology& topology);

// Of the items that legs differ in: those that can be switched on existing machines and put back.
GuestItems switchable_on_existing(const GuestItems& items);

// What these items are on the machine.
Switched switched_on(const Node& node, const GuestItems& items);

// The measured time after which a transfer has reached the limits of its bytes or its time.
double longest_measured(const MeasureOptions& measure);

}  // namespace offlab
