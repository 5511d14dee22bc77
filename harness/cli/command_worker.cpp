#include "cli/commands.h"
#include "cli/image_process.h"
#include "cli/worker.h"

namespace offlab {

int worker_command(const WorkerOptions& options) {
  if (options.image) return run_image_worker(options.what, options.cache);
  const WorkerTask task = options.probe ? WorkerTask::probe : (options.stay ? WorkerTask::stay : WorkerTask::record);
  return run_worker(options.what, options.cache, task);
}

}  // namespace offlab
