#include "cli/commands.h"
#include "cli/image_process.h"
#include "cli/worker.h"

namespace offlab {

int worker_command(const WorkerOptions& options) {
  if (options.image) return run_image_worker(options.what, options.cache);
  return run_worker(options.what, options.cache, options.probe);
}

}  // namespace offlab
