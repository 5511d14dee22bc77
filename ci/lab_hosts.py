#!/usr/bin/env python3
"""Lab hosts for tests: namespaces of this machine, each with an SSH server and a cache folder of its own.

    ci/lab_hosts.py [--hosts N] [--lose HOST --when FILE] [--cut] FOLDER COMMAND...

Runs COMMAND with $OFFLAB_HOSTS, a file of hosts, and ends with its status. FOLDER is for keys, logs, caches and home
folders. The hosts are h1, h2 and so on, at 198.18.250.2 and up; each has its share of the CPUs. --lose: that host loses
its power, with all on it, as soon as FILE exists (a pattern); --cut: only its cable is pulled. Nothing of this is seen
outside; it ends with the command."""
import argparse
import glob
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import time


def run(*command):
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def start_host(folder, number, cpus):
    """Its unshare process, whose network namespace is the host's."""
    config = folder / f"sshd-{number}.conf"
    (folder / f"home-{number}").mkdir(exist_ok=True)
    config.write_text(f"""Port 22
ListenAddress 198.18.250.{number + 1}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/user_key.pub
PidFile none
UsePAM no
StrictModes no
PermitRootLogin yes
SetEnv HOME={folder}/home-{number}
""")
    log = open(folder / f"sshd-{number}.log", "ab")
    host = subprocess.Popen(
        ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c",
         f"read go; exec taskset -c {cpus} /usr/sbin/sshd -D -e -f {config}"],
        stdin=subprocess.PIPE, stdout=log, stderr=log)
    own = os.readlink("/proc/self/ns/net")
    while os.readlink(f"/proc/{host.pid}/ns/net") == own:
        time.sleep(0.01)
    run("ip", "link", "add", f"v{number}", "type", "veth", "peer", "name", "eth0", "netns", str(host.pid))
    run("ip", "link", "set", f"v{number}", "master", "br0", "up")
    inside = ["nsenter", "--target", str(host.pid), "--net", "ip"]
    run(*inside, "link", "set", "lo", "up")
    run(*inside, "addr", "add", f"198.18.250.{number + 1}/24", "dev", "eth0")
    run(*inside, "link", "set", "eth0", "up")
    host.stdin.write(b"go\n")
    host.stdin.flush()
    return host


def share(cpus, number, of):
    first, last = len(cpus) * (number - 1) // of, len(cpus) * number // of
    return ",".join(str(cpu) for cpu in cpus[first:last] or cpus[-1:])


def lose(hosts, name, pattern, cut):
    while not glob.glob(pattern):
        time.sleep(0.05)
    number = int(name.removeprefix("h"))
    run("ip", "link", "set", f"v{number}", "down")
    print(f"lab_hosts: {name} is lost at {time.time():.1f}", file=sys.stderr, flush=True)
    if not cut:
        hosts[number - 1].kill()


def inside(arguments):
    folder = pathlib.Path(arguments.folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    os.makedirs("/run/sshd", exist_ok=True)
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "br0", "type", "bridge")
    run("ip", "addr", "add", "198.18.250.1/24", "dev", "br0")
    run("ip", "link", "set", "br0", "up")
    for key in ("host_key", "user_key"):
        if not (folder / key).exists():
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / key))
    public = " ".join((folder / "host_key.pub").read_text().split()[:2])
    (folder / "known_hosts").write_text(f"198.18.250.* {public}\n")
    (folder / "ssh_config").write_text(f"""Host *
  IdentityFile {folder}/user_key
  IdentitiesOnly yes
  UserKnownHostsFile {folder}/known_hosts
  GlobalKnownHostsFile none
  StrictHostKeyChecking yes
""")
    cpus = sorted(os.sched_getaffinity(0))
    text = ""
    hosts = []
    for number in range(1, arguments.hosts + 1):
        hosts.append(start_host(folder, number, share(cpus, number, arguments.hosts)))
        (folder / f"cache-{number}").mkdir(exist_ok=True)
        text += f"""[[host]]
name = "h{number}"
address = "198.18.250.{number + 1}"
user = "root"
ssh_config = "ssh_config"
cache = "{folder}/cache-{number}"

"""
    (folder / "hosts.toml").write_text(text)
    if arguments.lose:
        threading.Thread(target=lose, args=(hosts, arguments.lose, arguments.when, arguments.cut), daemon=True).start()
    command = subprocess.Popen(arguments.command, env={**os.environ, "OFFLAB_HOSTS": str(folder / "hosts.toml")})
    signal.signal(signal.SIGINT, lambda *_: command.send_signal(signal.SIGINT))
    signal.signal(signal.SIGTERM, lambda *_: command.send_signal(signal.SIGTERM))
    status = command.wait()
    for host in hosts:
        host.kill()
    return status if status >= 0 else 128 - status


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--hosts", type=int, default=2)
    parser.add_argument("--lose")
    parser.add_argument("--when", default="/")
    parser.add_argument("--cut", action="store_true")
    parser.add_argument("--inside", action="store_true")
    parser.add_argument("folder")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    if arguments.inside:
        return inside(arguments)
    if not shutil.which("/usr/sbin/sshd"):
        print("lab_hosts: openssh-server is not installed", file=sys.stderr)
        return 77
    os.execvp("unshare", ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
                          sys.executable, __file__, "--inside", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
