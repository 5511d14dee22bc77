// Labs on the hosts of a Slurm cluster.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "session/run_session.h"

namespace offlab {

struct SlurmChoices {
  std::string partition = {};            // empty: Slurm's default
  std::vector<std::string> sbatch = {};  // further options of sbatch
  unsigned jobs = 0;                     // tasks at a time, and labs of the plan at least; 0: one for each lab
  std::string accelerator = "auto";
  bool cold = false;
  std::string image_digests = {};
  unsigned retries = 0;
};

// What a task is to do: in the run folder, as tasks/task.json.
struct TaskChoices {
  std::string accelerator = "auto";
  bool cold = false;
  std::string image_digests;  // of the images that the run began with
  unsigned retries = 0;
};
TaskChoices read_task_choices(const RunFolder& folder);

// Each lab of the plan is a task of a job array. The run folder and the cache are to be on a file system that all hosts
// see by the same name. Throws UsageError without sbatch.
std::unique_ptr<RunPlaceFinder> slurm_pool(const SlurmChoices& choices);

}  // namespace offlab
