// What a run and the agent on another host say to each other: a line of JSON each, with the key "agent". Files follow
// their line as raw bytes. Everything else on the stream is what a worker is asked (record/worker_request.h) and says
// (record/message.h), as it is. Schema "offlab.agent/1".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace offlab::agent {

inline constexpr int protocol = 1;

// From the run, first: who wants to use the host, and in which of its slots.
struct Begin {
  int protocol = agent::protocol;
  std::string owner;  // "root@ci-1, run 20261129-150000-demo"
  unsigned slot = 1;
  unsigned slots = 1;
  std::vector<std::string> images = {};  // that its labs boot: "debian-12/27a0882ddefeb5e5"
  bool operator==(const Begin&) const = default;
};
// The answer: which of these images are there, and whole.
struct Ready {
  int protocol = agent::protocol;
  std::string version;  // of the program
  std::vector<std::string> images;
  bool operator==(const Ready&) const = default;
};
// From the run: `bytes` of a file of an image. The last file of an image is its image.json.
struct ImageFile {
  std::string image;  // "debian-12/27a0882ddefeb5e5"
  std::string file;
  std::uint64_t bytes = 0;
  bool operator==(const ImageFile&) const = default;
};
// From the run: "auto", "kvm" or "tcg", and what a guest boots from, to try it. `digest` is the image's.
struct Choose {
  std::string accelerator;
  std::string kernel;  // relative to the cache folder
  std::string initrd;
  std::string digest;
  bool operator==(const Choose&) const = default;
};
// The answer: an account of the host, as in a run's environment.
struct Chosen {
  std::map<std::string, std::string> host;
  std::vector<std::string> notes = {};
  bool operator==(const Chosen&) const = default;
};
// From the run: a worker's request, into which the agent puts the accelerator and the processors; and the lab's
// environment.json.
struct StartLab {
  std::string request;
  std::string environment;
  bool operator==(const StartLab&) const = default;
};
// To the run: a file of the run folder, relative to it, `bytes` long.
struct File {
  std::string path;
  std::uint64_t bytes = 0;
  bool operator==(const File&) const = default;
};
// To the run: the worker ended by itself.
struct WorkerEnded {
  bool operator==(const WorkerEnded&) const = default;
};
// From the run, and the answer when the lab is gone and its files have been sent.
struct EndLab {
  bool operator==(const EndLab&) const = default;
};
// Every few seconds, both ways.
struct Alive {
  bool operator==(const Alive&) const = default;
};
// To the run: nothing will come of it.
struct Refused {
  std::string reason;
  std::string remedy = {};
  bool operator==(const Refused&) const = default;
};

}  // namespace offlab::agent

namespace offlab {

using AgentMessage =
    std::variant<agent::Begin, agent::Ready, agent::ImageFile, agent::Choose, agent::Chosen, agent::StartLab,
                 agent::File, agent::WorkerEnded, agent::EndLab, agent::Alive, agent::Refused>;

// One line, without the newline.
std::string agent_message_to_line(const AgentMessage& message);
// Nothing for a line that is none: a worker's. Throws Error for one that is damaged.
std::optional<AgentMessage> agent_message_from_line(const std::string& line);

// Where the other side may put a file of a run: below one of its folders "cases" and "labs".
bool is_path_in_run(const std::string& path);
// "debian-12/27a0882ddefeb5e5": a recipe's name and the beginning of a digest.
bool is_image_folder(const std::string& image);
// "vmlinux": a name without a path.
bool is_plain_name(const std::string& file);

}  // namespace offlab
