#include <fmt/core.h>

#include "cli/commands.h"
#include "config/json_schema.h"
#include "verdict/invariants.h"

namespace offlab {

int schema_command(const SchemaOptions& options) {
  if (options.invariants)
    fmt::print("{}", invariant_table());
  else
    fmt::print("{}", options.markdown ? topology_key_tables() : topology_json_schema());
  return 0;
}

}  // namespace offlab
