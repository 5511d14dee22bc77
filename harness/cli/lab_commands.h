// The commands on labs that stay, one file each: options in, exit status out. lab_command_line.cpp
// fills the options in.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace offlab {

struct UpOptions {
  std::string file;
  std::string name;
  std::string case_glob;
  std::string accelerator = "auto";
  bool cold = false;
  bool extend_anywhere = false;
  bool foreground = false;  // the lab ends with the command
  std::string wait;         // how long for memory that other labs hold
};
int up_command(const UpOptions& options);

int list_command();

struct DownOptions {
  std::string name;
  bool all = false;
};
int down_command(const DownOptions& options);

struct GuestOptions {
  std::string lab;
  std::string node;
  std::vector<std::string> words;  // the command
};
// `ssh` and `exec`: with a terminal when there is one and no command.
int ssh_command(const GuestOptions& options);
int exec_command(const GuestOptions& options);

struct ConsoleOptions {
  std::string lab;
  std::string node;
  bool follow = false;
};
int console_command(const ConsoleOptions& options);

struct CaptureOptions {
  std::string lab;
  std::string node;
  std::string interface;
  std::uint32_t snap_length = 192;
};
int capture_command(const CaptureOptions& options);

struct SetOptions {
  std::string lab;
  std::vector<std::string> settings;  // "KEY=VALUE"
};
int set_command(const SetOptions& options);

int status_command(const std::string& name);
struct GcOptions {
  std::string connect;  // of the libvirt of labs with --connect; empty: this host's, where it has any
};
int gc_command(const GcOptions& options);
int doctor_command();

}  // namespace offlab
