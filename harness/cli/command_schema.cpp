#include <fmt/core.h>

#include "cli/commands.h"
#include "config/json_schema.h"

namespace offlab {

int schema_command(const SchemaOptions& options) {
  fmt::print("{}", options.markdown ? topology_key_tables() : topology_json_schema());
  return 0;
}

}  // namespace offlab
