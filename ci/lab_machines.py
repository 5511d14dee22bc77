#!/usr/bin/env python3
"""Machines that exist, for tests: the guests of a lab that stays, reached over SSH through a jump host only.

    ci/lab_machines.py [--set KEY=VALUE]... [--esxi] FOLDER COMMAND...

Starts topologies/demo.toml with `offlab up`, and an SSH server beside it in the lab's network: the jump host, which also
plays the hypervisor, since the guests' taps are there. Runs COMMAND in that network, with $OFFLAB_MACHINES: a folder with
inside.toml (captures in the guest), taps.toml (on the taps), known_hosts and the keys. --esxi: a stand-in for an
ESXi host is below them, whose settings switch the taps, and hosts.toml has an axis of it. Ends with its status; the lab ends
with it. --set: settings of the lab, as `offlab set` takes them. $OFFLAB: the program; otherwise build/release/offlab."""
import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent.parent
JUMP_PORT = 2222
ESXI_PORT = 2223


def offlab():
    return os.environ.get("OFFLAB", str(HERE / "build/release/offlab"))


def cache():
    return pathlib.Path(os.environ.get("OFFLAB_CACHE", pathlib.Path.home() / ".cache/offlab"))


def in_network(pid, *command, **more):
    return subprocess.run(["nsenter", "--target", str(pid), "--net", *command], **more)


def worker_of(lab):
    """A process in the lab's network namespace: not the supervisor, which is in the host's."""
    entry = json.loads((cache() / "labs" / lab / "lab.json").read_text())
    own = os.readlink("/proc/self/ns/net")
    parents = {entry["supervisor"]}
    for _ in range(4):
        children = set()
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rsplit(")", 1)[1].split()
                pid = int(stat.parent.name)
                if int(fields[1]) in parents:
                    if os.readlink(f"/proc/{pid}/ns/net") != own:
                        return pid
                    children.add(pid)
            except (OSError, ProcessLookupError):
                continue
        parents = children
    raise SystemExit("lab_machines: the lab has no network of its own")


def start_jump_host(folder, pid):
    shutil.copy(cache() / "keys/user/user_key", folder / "key")
    os.chmod(folder / "key", 0o600)
    public = subprocess.run(["ssh-keygen", "-y", "-f", folder / "key"], check=True, capture_output=True, text=True).stdout
    (folder / "authorized_keys").write_text(public)
    for old in folder.glob("jump_key*"):
        old.unlink()
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "jump_key"], check=True)
    os.makedirs("/run/sshd", exist_ok=True)
    config = folder / "sshd.conf"
    config.write_text(f"""Port {JUMP_PORT}
ListenAddress 127.0.0.1
HostKey {folder}/jump_key
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
UsePAM no
StrictModes no
PermitRootLogin yes
""")
    log = open(folder / "sshd.log", "ab")
    in_network(pid, "ip", "link", "set", "lo", "up", check=True)
    return subprocess.Popen(["nsenter", "--target", str(pid), "--net", "/usr/sbin/sshd", "-D", "-e", "-f", config],
                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def scan(pid, address, port):
    for _ in range(100):
        found = in_network(pid, "ssh-keyscan", "-t", "ed25519", "-p", str(port), address, capture_output=True, text=True)
        if found.stdout.strip():
            return found.stdout
        time.sleep(0.1)
    raise SystemExit(f"lab_machines: {address} does not answer")


def machine(number):
    return f"fe80::5054:ff:fe4d:{number:x}%mgmt"


def topology(folder, captures):
    def node(name, number, role, interfaces):
        return f"""
[[node]]
name = "{name}"
role = "{role}"
provider = "existing"
interfaces = [ {interfaces} ]
[node.machine]
address = "{machine(number)}"
key = "key"
known_hosts = "known_hosts"
jump = ["root@127.0.0.1:{JUMP_PORT}"]
"""

    def interface(network, address, node_name):
        below = {"taps": f'port = {JUMP_PORT}, key = "key", known_hosts = "known_hosts", interface = "router-{network}"',
                 "hosts": f'system = "esxi", port = {ESXI_PORT}, key = "esxi/user_key", known_hosts = "esxi/known_hosts", '
                          f'interface = "router.{network}"'}
        tap = f', capture = {{ host = "127.0.0.1", {below[captures]} }}' \
            if captures in below and node_name == "router" else ""
        return f'{{ network = "{network}", device = "{network}", ipv4 = "{address}"{tap} }}'

    text = f"""name = "existing-{captures}"
summary = "A router that exists, and two ends"

[[network]]
name = "wan"
ipv4 = "198.18.2.0/24"

[[network]]
name = "lan"
ipv4 = "198.18.1.0/24"
"""
    text += node("router", 1, "router", interface("lan", "198.18.1.1", "router") + ", " +
                 interface("wan", "198.18.2.1", "router"))
    text += node("client", 2, "client", interface("lan", "198.18.1.2", "client"))
    text += node("server", 3, "server", interface("wan", "198.18.2.2", "server"))
    text += """
[[flow]]
name = "download"
from = "server"
to = "client"

[measure]
max_rate = "1gbit"
"""
    if captures == "hosts":
        text += """
[hypervisor]
host = "esxi/esxi.toml"

[axes]
"hypervisor.lro" = ["passthrough", "off"]
"""
    (folder / f"{captures}.toml").write_text(text)


def esxi_below(folder):
    state = folder / "esxi/state"
    state.mkdir(parents=True, exist_ok=True)
    (state / "ports").write_text("".join(f"6710888{n} 00:50:56:00:00:0{n} router.{network} router-{network}\n"
                                         for n, network in enumerate(("lan", "wan"), 1)))
    return [HERE / "ci/lab_esxi.py", "--here", "--reboots", "--port", str(ESXI_PORT), "--apply",
            str(HERE / "ci/stand-ins/switch-taps"), folder / "esxi"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", action="append", default=[], dest="settings")
    parser.add_argument("--esxi", action="store_true")
    parser.add_argument("folder")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    folder = pathlib.Path(arguments.folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    lab = f"machines-{os.getpid()}"
    subprocess.run([offlab(), "up", str(HERE / "topologies/demo.toml"), "--name", lab], check=True,
                   stdin=subprocess.DEVNULL, stdout=sys.stderr)
    jump = None
    try:
        for setting in arguments.settings:
            subprocess.run([offlab(), "set", "--lab", lab, setting], check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr)
        pid = worker_of(lab)
        jump = start_jump_host(folder, pid)
        # The lab's own servers have the ports.
        subprocess.run([offlab(), "exec", "--lab", lab, "server", "kill $(pidof iperf3) $(pidof nc); :"],
                       stdin=subprocess.DEVNULL, stdout=sys.stderr)
        known = scan(pid, "127.0.0.1", JUMP_PORT)
        for number in (1, 2, 3):
            known += scan(pid, machine(number), 22)
        (folder / "known_hosts").write_text(known)
        topology(folder, "inside")
        topology(folder, "taps")
        command = arguments.command
        if arguments.esxi:
            topology(folder, "hosts")
            command = [*esxi_below(folder), *command]
        environment = dict(os.environ, OFFLAB_MACHINES=str(folder), OFFLAB_MACHINES_LAB=lab, OFFLAB=offlab())
        return in_network(pid, *command, env=environment).returncode
    finally:
        if jump:
            jump.send_signal(signal.SIGTERM)
            jump.wait()
        subprocess.run([offlab(), "down", lab], stdin=subprocess.DEVNULL, stdout=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
