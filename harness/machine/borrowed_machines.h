// Existing machines while a run uses them: locked, remembered on disk, and put back as they were.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "machine/journal.h"
#include "port/node_shell.h"
#include "port/observer.h"

namespace offlab {

// Takes the machine's lock, which says whose it is. Throws Error, with who has it, when it is taken.
void lock_machine(NodeShell& shell, Clock& clock, const Borrowed& borrowed, const std::stop_token& stop);
// Brings the machine's state back, frees the lock and removes what offlab brought. Gives the commands that are left to
// be done by hand, with why; empty when all is as it was. Throws Error when the machine cannot be reached.
std::vector<std::string> give_back(NodeShell& shell, Clock& clock, const Borrowed& borrowed,
                                   const std::stop_token& stop);

class BorrowedMachines {
 public:
  // `shell` has a session with each machine when begin() is called.
  BorrowedMachines(NodeShell& shell, Clock& clock, Observer& observer, std::filesystem::path journal, std::string run)
      : shell_(shell), clock_(clock), observer_(observer), journal_(std::move(journal)), run_(std::move(run)) {}
  BorrowedMachines(const BorrowedMachines&) = delete;
  BorrowedMachines& operator=(const BorrowedMachines&) = delete;
  // As give_back(); whatever is left is said in a note.
  ~BorrowedMachines();

  // Locks each, then keeps what is going to be switched. Throws Error; those that were locked are given back.
  void begin(const std::vector<NodePlan>& nodes, const std::stop_token& stop);

 private:
  void give_one_back(JournalEntry& entry);
  void tell(const std::string& text);

  NodeShell& shell_;
  Clock& clock_;
  Observer& observer_;
  std::filesystem::path journal_;
  std::string run_;
  std::vector<std::unique_ptr<JournalEntry>> entries_;
};

// A shell for a machine that is not in any lab, by its node's name.
using ShellMaker = std::function<std::unique_ptr<NodeShell>(const std::string& node, const MachineLogin& login)>;

struct Recovery {
  std::string node;
  std::string address;
  std::string run;
  std::string since;
  std::vector<std::string> left = {};  // commands to be done by hand
  std::string trouble = {};            // why it could not be done; the journal stays

  bool is_done() const { return trouble.empty() && left.empty(); }
};

// Gives back what runs that were killed have left switched. Damaged files of the journal are in `damaged`.
std::vector<Recovery> recover_machines(const std::filesystem::path& journal, const ShellMaker& make, Clock& clock,
                                       std::vector<std::string>& damaged, const std::stop_token& stop);

// "router (192.0.2.1), switched by run x since ...: put back"
std::string describe(const Recovery& recovery);

}  // namespace offlab
