// A small command line, for pages and completions of it.
#pragma once

#include "manual/command_tree.h"

namespace offlab {

inline Command sample_program() {
  Command run{.path = {"offlab", "run"}, .description = "Is it healthy? Runs every case."};
  run.options = {
      {.names = {"-h", "--help"}, .description = "Print this help message and exit"},
      {.argument = "file", .kind = ValueKind::topology, .value = "TOML", .description = "Topology file"},
      {.names = {"--until"},
       .kind = ValueKind::word,
       .value = "TEXT",
       .words = {"fail", "pass"},
       .description = "End with the first case that fails, or passes"},
      {.names = {"--out"}, .kind = ValueKind::folder, .value = "DIR", .description = "It's a folder [new]: yours"},
      {.names = {"--jobs"},
       .kind = ValueKind::text,
       .value = "N",
       .limits = "1 - 999",
       .preset = "1",
       .description = "Labs at a time"},
      {.names = {"--case"},
       .kind = ValueKind::text,
       .value = "GLOB",
       .description = ".only \\these",
       .required = true,
       .repeated = true},
  };
  Command show{.path = {"offlab", "host", "show"}, .description = "Shows them."};
  show.options = {{.names = {"--host"}, .kind = ValueKind::file, .value = "FILE", .description = "Of the host"}};
  Command host{.path = {"offlab", "host"}, .description = "Hosts.", .commands = {show}};
  Command program{.path = {"offlab"},
                  .description = "Tests routers: their LRO.\n\nNew here?",
                  .exit_status = "0 pass, 1 fail (a fault, or two), 130 interrupted"};
  program.commands = {run, host};
  return program;
}

}  // namespace offlab
