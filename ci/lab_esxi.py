#!/usr/bin/env python3
"""A stand-in for an ESXi host, for tests: an SSH server with an esxcli (ci/stand-ins/esxcli), in a network of its own.

    ci/lab_esxi.py FOLDER COMMAND...

Runs COMMAND in that network, where FOLDER/esxi.toml says how the host is reached, and $ESXI_STATE is the folder with its
settings. Ends with its status. The server takes AES ciphers and RSA keys only, as ESXi does."""
import os
import pathlib
import shutil
import subprocess
import sys

KEYS = ["VmxnetSwLROSL", "Vmxnet3SwLRO", "Vmxnet3HwLRO", "Vmxnet2SwLRO", "Vmxnet2HwLRO", "VmxnetPromDisableLro",
        "NetpollSwLRO", "TcpipDefLROEnabled"]


def run(*command):
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def inside(folder, command):
    folder.mkdir(parents=True, exist_ok=True)
    state = folder / "state"
    (state / "values").mkdir(parents=True, exist_ok=True)
    for key in KEYS:
        if not (state / "values" / key).exists():
            (state / "values" / key).write_text("1\n")
    os.makedirs("/run/sshd", exist_ok=True)
    run("ip", "link", "set", "lo", "up")
    for key in ("host_key", "user_key"):
        if not (folder / key).exists():
            run("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "", "-f", str(folder / key))
    public = " ".join((folder / "host_key.pub").read_text().split()[:2])
    (folder / "known_hosts").write_text(f"[127.0.0.1]:2222 {public}\n127.0.0.1 {public}\n")
    stand_ins = pathlib.Path(__file__).resolve().parent / "stand-ins"
    (folder / "sshd.conf").write_text(f"""Port 2222
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
SetEnv PATH={stand_ins}:/usr/sbin:/usr/bin:/sbin:/bin ESXI_STATE={state}
""")
    (folder / "esxi.toml").write_text("""[esxi]
address = "127.0.0.1"
port = 2222
key = "user_key"
known_hosts = "known_hosts"
""")
    log = open(folder / "sshd.log", "ab")
    server = subprocess.Popen(["/usr/sbin/sshd", "-D", "-e", "-f", str(folder / "sshd.conf")],
                              stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        return subprocess.run(command, env={**os.environ, "ESXI_STATE": str(state), "ESXI": str(folder / "esxi.toml")},
                              check=False).returncode
    finally:
        server.terminate()


def main():
    if len(sys.argv) > 2 and sys.argv[1] == "--inside":
        return inside(pathlib.Path(sys.argv[2]).resolve(), sys.argv[3:])
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    if not shutil.which("/usr/sbin/sshd"):
        print("lab_esxi: openssh-server is not installed", file=sys.stderr)
        return 77
    os.execvp("unshare", ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
                          sys.executable, __file__, "--inside", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
