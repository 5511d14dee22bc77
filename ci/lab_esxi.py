#!/usr/bin/env python3
"""A stand-in for an ESXi host, for tests: an SSH server with an esxcli and a vim-cmd (ci/stand-ins), or the vSphere API.

    ci/lab_esxi.py [--api] [--here] [--port N] [--reboots] [--down SECONDS] [--apply COMMAND] FOLDER COMMAND...

Runs COMMAND in a network of its own (--here: in this one), where $ESXI is the file that says how the host is reached, and
$ESXI_STATE the folder with its settings: values/KEY is what is stored, in_force/KEY what the host runs with since it
booted, vms/NAME "on" or "off", boots how often it has booted, ports the virtual NICs (ci/stand-ins/pktcap-uw). Ends with COMMAND's status.

--api: the host is reached by a small SOAP server (ci/stand-ins/vsphere_api.py); state/fault names what it does wrong.
--reboots: the file asks for a
reboot after each change. It takes --down seconds, in which nothing answers. --apply: run with 0 or 1 when the value of Net.Vmxnet3HwLRO that
is in force changes. The SSH server takes AES ciphers and RSA keys only, as ESXi does."""
import argparse
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
KEYS = ["VmxnetSwLROSL", "Vmxnet3SwLRO", "Vmxnet3HwLRO", "Vmxnet2SwLRO", "Vmxnet2HwLRO", "VmxnetPromDisableLro",
        "NetpollSwLRO", "TcpipDefLROEnabled"]


def run(*command):
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def make_state(state):
    for part in ("values", "in_force", "vms"):
        (state / part).mkdir(parents=True, exist_ok=True)
    for key in KEYS:
        for part in ("values", "in_force"):
            if not (state / part / key).exists():
                (state / part / key).write_text("1\n")
    if not any((state / "vms").iterdir()):
        (state / "vms" / "router").write_text("on\n")
    if not (state / "boots").exists():
        (state / "boots").write_text("1\n")
    (state / "booted").write_text(f"{time.time():.6f}\n")


def make_ssh_server(folder, state, port):
    os.makedirs("/run/sshd", exist_ok=True)
    for key in ("host_key", "user_key"):
        if not (folder / key).exists():
            run("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "", "-f", str(folder / key))
    public = " ".join((folder / "host_key.pub").read_text().split()[:2])
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {public}\n127.0.0.1 {public}\n")
    (folder / "sshd.conf").write_text(f"""Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/user_key.pub
PidFile none
UsePAM no
StrictModes no
PermitRootLogin yes
Ciphers aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,aes192-ctr,aes128-ctr
HostKeyAlgorithms rsa-sha2-256,rsa-sha2-512
PubkeyAcceptedAlgorithms rsa-sha2-256,rsa-sha2-512
SetEnv SHLVL=3 PATH={HERE}/stand-ins:/usr/sbin:/usr/bin:/sbin:/bin ESXI_STATE={state}
""")
    (folder / "esxi.toml").write_text(f"""[esxi]
address = "127.0.0.1"
port = {port}
key = "user_key"
known_hosts = "known_hosts"
""")
    return ["/usr/sbin/sshd", "-D", "-e", "-f", str(folder / "sshd.conf")]


def make_certificate(folder):
    """api.pem and api.key, for 127.0.0.1."""
    if not (folder / "api.pem").exists():
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=esxi",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "api.key", "-out", folder / "api.pem"],
                       check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_api_server(folder, state, port):
    make_certificate(folder)
    (folder / "password").write_text("correct horse\n")
    (folder / "esxi.toml").write_text(f"""[vsphere]
address = "127.0.0.1"
port = {port}
user = "root"
password_file = "password"
ca_file = "api.pem"
""")
    return [sys.executable, str(HERE / "stand-ins/vsphere_api.py"), str(state), str(port), str(folder / "api.pem"),
            str(folder / "api.key")]


class Host:
    """The server, which goes down and comes up again when state/reboot is there."""

    def __init__(self, command, folder, state, options):
        self.command, self.state, self.options = command, state, options
        self.log = open(folder / "server.log", "ab")
        self.ended = threading.Event()
        self.applied = None
        self.apply()
        self.start()
        self.watcher = threading.Thread(target=self.watch, daemon=True)
        self.watcher.start()

    def in_force(self):
        return (self.state / "in_force/Vmxnet3HwLRO").read_text().strip()

    def start(self):
        self.server = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                       start_new_session=True)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.options.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)

    def stop(self):
        try:
            os.killpg(self.server.pid, signal.SIGTERM)
            self.server.wait()
        except ProcessLookupError:
            pass
        # Sessions of sshd have groups of their own.
        for stat in pathlib.Path("/proc").glob("[0-9]*/environ"):
            try:
                if f"ESXI_STATE={self.state}".encode() in stat.read_bytes() and \
                        b"sshd" in (stat.parent / "comm").read_bytes():
                    os.kill(int(stat.parent.name), signal.SIGTERM)
            except (OSError, ProcessLookupError):
                continue

    def come_into_force(self):
        for value in (self.state / "values").iterdir():
            (self.state / "in_force" / value.name).write_text(value.read_text())
        self.apply()

    def apply(self):
        if self.options.apply and self.in_force() != self.applied:
            subprocess.run([*self.options.apply.split(), self.in_force()], check=True, stdin=subprocess.DEVNULL,
                           stdout=self.log, stderr=self.log)
        self.applied = self.in_force()

    def watch(self):
        while not self.ended.wait(0.05):
            if (self.state / "apply").exists():  # a virtual machine was started: it gets what is stored
                (self.state / "apply").unlink()
                self.come_into_force()
            if not (self.state / "reboot").exists():
                continue
            self.stop()
            time.sleep(self.options.down)
            self.come_into_force()
            (self.state / "boots").write_text(f"{int((self.state / 'boots').read_text()) + 1}\n")
            (self.state / "booted").write_text(f"{time.time():.6f}\n")
            (self.state / "reboot").unlink()
            self.start()

    def end(self):
        self.ended.set()
        self.watcher.join()
        self.stop()


def serve(options):
    folder = pathlib.Path(options.folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    state = folder / "state"
    make_state(state)
    if not options.here:
        run("ip", "link", "set", "lo", "up")
    make = make_api_server if options.api else make_ssh_server
    command = make(folder, state, options.port)
    if options.reboots:
        with open(folder / "esxi.toml", "a") as file:
            file.write('\n[switch]\nreboot = "host-reboot"\nmaintenance = true\nmachines = ["router"]\nhost_seconds = 30\n')
    host = Host(command, folder, state, options)
    try:
        environment = {**os.environ, "ESXI_STATE": str(state), "ESXI": str(folder / "esxi.toml")}
        return subprocess.run(options.command, env=environment, check=False).returncode
    finally:
        host.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--api", action="store_true")
    parser.add_argument("--here", action="store_true")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--reboots", action="store_true")
    parser.add_argument("--port", type=int, default=2222)
    parser.add_argument("--down", type=float, default=1.0)
    parser.add_argument("--apply", default="")
    parser.add_argument("folder")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    if not options.command:
        parser.error("no COMMAND")
    if not shutil.which("/usr/sbin/sshd"):
        print("lab_esxi: openssh-server is not installed", file=sys.stderr)
        return 77
    if options.here or options.inside:
        return serve(options)
    os.execvp("unshare", ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
                          sys.executable, __file__, "--inside", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
