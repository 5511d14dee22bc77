// Starts a program: the one place that forks and executes.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace offlab {

struct Spawn {
  std::vector<std::string> arguments;  // the first one is looked up in PATH
  std::string program = {};            // what is executed instead of the first argument; empty: that
  int input = -1;                      // its stdin, stdout and stderr; -1: /dev/null
  int output = -1;
  int errors = -1;
  unsigned long namespaces = 0;  // new ones, CLONE_NEW*
  int go = -1;                   // waits for a byte on this descriptor before it executes; -1: does not wait
  bool own_session = false;      // otherwise a process group of its own
};

inline constexpr int not_executed = 127;  // exit status of a child whose program could not be found

// The child is killed when the calling thread ends. Its exit status is `not_executed` when there is no such program.
// Returns -1 with errno when the process cannot be made.
pid_t spawn(const Spawn& what);

// Waits for the child. 128 + the signal's number when it was killed by one.
int exit_status_of(pid_t child);

}  // namespace offlab
