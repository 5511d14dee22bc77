#!/usr/bin/env python3
"""A lab host with a libvirtd for tests, in namespaces of this machine.

    ci/lab_libvirtd.py FOLDER COMMAND...

Runs COMMAND on a host that has libvirtd (qemu:///system), an SSH server at 198.18.250.2 (qemu+ssh://root@198.18.250.2/system),
and a domain and a bridge of somebody else's. Ends with its status; then says what is there that was not there before, and
ends with 99 where there is anything, or where something of somebody else's has changed. $LIBVIRTD_PID is libvirtd's process.
FOLDER is for keys and logs. Nothing of this is seen outside."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

STRANGER = """<domain type='qemu'><name>somebodys</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='pc'>hvm</type></os>
<devices><controller type='usb' model='none'/><interface type='bridge'><mac address='52:54:00:00:0e:01'/>
<source bridge='br-somebody'/><target dev='somebodys-nic'/><model type='virtio'/></interface>
<memballoon model='none'/></devices></domain>
"""


def run(*command):
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def virsh(*words):
    return subprocess.run(["virsh", "--connect", "qemu:///system", *words], check=True, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True).stdout


def links():
    lines = subprocess.run(["ip", "-d", "-o", "link"], check=True, capture_output=True, text=True).stdout.splitlines()
    return sorted(re.sub(r" \w+_timer +[0-9.]+", "", " ".join(line.split())) for line in lines)


def state():
    """What of the host somebody could miss, or find."""
    labs = pathlib.Path("/var/lib/offlab/labs")
    logs = pathlib.Path("/var/log/libvirt/qemu")
    bridge = pathlib.Path("/sys/class/net/br-somebody")
    return {
        "domains": sorted(virsh("list", "--all", "--name").split()),
        "somebody's domain": [line for line in virsh("dominfo", "somebodys").splitlines()
                              if line.startswith(("Id:", "UUID:", "State:"))] + [virsh("domiflist", "somebodys")],
        "links": links(),
        "somebody's bridge": sorted(os.listdir(bridge / "brif")),
        "folders of labs": sorted(os.listdir(labs)) if labs.exists() else [],
        "logs of domains": sorted(os.listdir(logs)),
        "addresses": subprocess.run(["ip", "-o", "addr"], capture_output=True, text=True).stdout.splitlines(),
    }


def differences(before, after):
    for what, was in before.items():
        now = after[what]
        if was != now:
            yield f"{what}: before {was}, now {now}"


def private_folder(path, mode=0o755):
    os.makedirs(path, exist_ok=True)
    run("mount", "-t", "tmpfs", "-o", f"mode={mode:o}", "none", path)


def start_ssh(folder):
    os.makedirs("/run/sshd", exist_ok=True)
    home = folder / "home"
    (home / ".ssh").mkdir(parents=True, exist_ok=True)
    for key in ("host_key", "user_key"):
        if not (folder / key).exists():
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / key))
    public = " ".join((folder / "host_key.pub").read_text().split()[:2])
    (folder / "known_hosts").write_text(f"198.18.250.2 {public}\n")
    (home / ".ssh/config").write_text(f"""Host *
  IdentityFile {folder}/user_key
  IdentitiesOnly yes
  UserKnownHostsFile {folder}/known_hosts
  GlobalKnownHostsFile none
  StrictHostKeyChecking yes
""")
    (folder / "sshd.conf").write_text(f"""Port 22
ListenAddress 198.18.250.2
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/user_key.pub
PidFile none
UsePAM no
StrictModes no
PermitRootLogin yes
SetEnv OFFLAB_CACHE={folder}/far-cache
""")
    (folder / "far-cache").mkdir(exist_ok=True)
    log = open(folder / "sshd.log", "ab")
    return subprocess.Popen(["/usr/sbin/sshd", "-D", "-e", "-f", str(folder / "sshd.conf")], stdin=subprocess.DEVNULL,
                            stdout=log, stderr=log)


def users(folder):
    """libvirt wants a user for QEMU; root's home is a folder of the test's, for ssh."""
    passwd = []
    for line in open("/etc/passwd"):
        fields = line.rstrip("\n").split(":")
        if fields[0] == "root":
            fields[5] = str(folder / "home")
        if fields[0] != "libvirt-qemu":
            passwd.append(":".join(fields))
    passwd.append("libvirt-qemu:x:64055:64055::/nonexistent:/usr/sbin/nologin")
    group = [line.rstrip("\n") for line in open("/etc/group") if not line.startswith("libvirt-qemu:")]
    group.append("libvirt-qemu:x:64055:")
    for name, lines in (("passwd", passwd), ("group", group)):
        (folder / name).write_text("\n".join(lines) + "\n")
        run("mount", "--bind", str(folder / name), f"/etc/{name}")


def start_libvirtd(folder):
    for path in ("/run/libvirt", "/var/lib/libvirt", "/var/log/libvirt", "/var/cache/libvirt", "/etc/libvirt",
                 "/var/lib/offlab"):
        private_folder(path)
    os.makedirs("/var/log/libvirt/qemu")
    pathlib.Path("/etc/libvirt/qemu.conf").write_text('stdio_handler = "logd"\ncgroup_controllers = []\n')
    pathlib.Path("/etc/libvirt/libvirtd.conf").write_text('auth_unix_rw = "none"\nauth_unix_ro = "none"\n')
    started = []
    for program in ("virtlogd", "libvirtd"):
        log = open(folder / f"{program}.log", "ab")
        started.append(subprocess.Popen([f"/usr/sbin/{program}"], stdin=subprocess.DEVNULL, stdout=log, stderr=log))
    for _ in range(200):
        if os.path.exists("/run/libvirt/libvirt-sock"):
            return started
        time.sleep(0.05)
    print((folder / "libvirtd.log").read_text(), file=sys.stderr)
    sys.exit("lab_libvirtd: libvirtd does not start")


def inside(folder, command):
    folder.mkdir(parents=True, exist_ok=True)
    run("mount", "--make-rprivate", "/")
    run("mount", "-t", "sysfs", "none", "/sys")
    run("ip", "link", "set", "lo", "up")
    run("ip", "addr", "add", "198.18.250.2/32", "dev", "lo")
    users(folder)
    started = start_libvirtd(folder) + [start_ssh(folder)]
    run("ip", "link", "add", "br-somebody", "type", "bridge")
    run("ip", "addr", "add", "198.18.251.1/24", "dev", "br-somebody")
    run("ip", "link", "set", "br-somebody", "up")
    (folder / "somebodys.xml").write_text(STRANGER)
    virsh("create", str(folder / "somebodys.xml"))
    time.sleep(2)  # IPv6 addresses are no longer tentative
    before = state()
    child = subprocess.Popen(command, env={**os.environ, "HOME": str(folder / "home"), "OFFLAB_CACHE": os.environ.get(
        "OFFLAB_CACHE", os.path.expanduser("~/.cache/offlab")), "LIBVIRTD_PID": str(started[1].pid)})
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _: child.send_signal(got))
    status = child.wait()
    for line in (found := list(differences(before, state()))):
        print(f"lab_libvirtd: {line}", file=sys.stderr)
    virsh("destroy", "somebodys")
    for one in started:
        one.terminate()
    if found:
        return 99
    print("lab_libvirtd: the host is as it was", file=sys.stderr)
    return status if status >= 0 else 128 - status


def main():
    if len(sys.argv) > 2 and sys.argv[1] == "--inside":
        return inside(pathlib.Path(sys.argv[2]).resolve(), sys.argv[3:])
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    for program in ("/usr/sbin/libvirtd", "/usr/sbin/virtlogd", "/usr/sbin/sshd", "/usr/bin/virsh"):
        if not shutil.which(program):
            print(f"lab_libvirtd: {program} is not installed", file=sys.stderr)
            return 77
    os.execvp("unshare", ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
                          "sh", "-c", '"$@"; exit $?', "sh",  # reaps what libvirtd leaves behind
                          sys.executable, __file__, "--inside", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
