#!/usr/bin/env python3
"""A Slurm cluster for tests: slurmctld and two slurmd in namespaces of this machine.

    ci/lab_slurm.py [--lose h1 --when PATTERN] FOLDER COMMAND...

Runs COMMAND once the hosts h1 and h2 are idle, and ends with its status. FOLDER is for state and logs; every folder
above it must belong to root alone, as munge wants it. --lose: that host dies, with all on it, as soon as a file matches
PATTERN. Nothing of this is seen outside; it ends with the command."""
import argparse
import glob
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import time


def run(*command):
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def program(name):
    for one in (f"{name}-wlm", name):
        if shutil.which(one, path="/usr/sbin:/usr/bin"):
            return shutil.which(one, path="/usr/sbin:/usr/bin")
    return None


def configuration(folder):
    hosts = "".join(f"NodeName=h{n} NodeAddr=198.18.250.{n + 1} NodeHostname=ctl Port={17000 + n} CPUs=1\n"
                    for n in (1, 2))
    return f"""ClusterName=lab
SlurmctldHost=ctl(198.18.250.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
CredType=cred/munge
PluginDir=/usr/lib/x86_64-linux-gnu/slurm-wlm
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_res
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=0,sched_interval=2,bf_interval=2
SlurmdTimeout=10
ReturnToService=2
JobRequeue=1
SlurmdParameters=config_overrides
{hosts}PartitionName=lab Nodes=h1,h2 Default=YES MaxTime=INFINITE State=UP
"""


def inside(arguments):
    folder = pathlib.Path(arguments.folder).resolve()
    for part in ("munge", "state", "spool-h1", "spool-h2"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "munge").chmod(0o700)
    run("hostname", "ctl")
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "c0", "type", "veth", "peer", "name", "c1")
    for number in (1, 2, 3):
        run("ip", "addr", "add", f"198.18.250.{number}/24", "dev", "c0")
    run("ip", "link", "set", "c0", "up")
    run("ip", "link", "set", "c1", "up")
    (folder / "hosts").write_text("127.0.0.1 localhost\n198.18.250.1 ctl\n198.18.250.2 h1\n198.18.250.3 h2\n")
    run("mount", "--bind", str(folder / "hosts"), "/etc/hosts")
    (folder / "slurm.conf").write_text(configuration(folder))
    os.environ["SLURM_CONF"] = str(folder / "slurm.conf")
    key = folder / "munge/key"
    key.write_bytes(os.urandom(1024))
    key.chmod(0o400)
    munge = folder / "munge"
    run(program("munged"), "--force", f"--key-file={key}", f"--socket={munge}/socket", f"--pid-file={munge}/pid",
        f"--log-file={munge}/log", f"--seed-file={munge}/seed")
    run(program("slurmctld"), "-c")
    cpus = sorted(os.sched_getaffinity(0))
    hosts = {}
    for number in (1, 2):
        cpu = str(cpus[(number - 1) % len(cpus)])
        hosts[f"h{number}"] = subprocess.Popen(
            ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "taskset", "-c", cpu, program("slurmd"),
             "-D", "-N", f"h{number}"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(150):
        states = subprocess.run(["sinfo", "--noheader", "--Node", "--format=%T"], capture_output=True, text=True)
        if states.stdout.split() == ["idle", "idle"]:
            break
        time.sleep(0.2)
    else:
        print(f"lab_slurm: the hosts are not idle: {states.stdout}{states.stderr}", file=sys.stderr)
        return 3
    if arguments.lose:
        def lose():
            while not glob.glob(arguments.when):
                time.sleep(0.05)
            print(f"lab_slurm: {arguments.lose} is lost", file=sys.stderr, flush=True)
            hosts[arguments.lose].kill()
        threading.Thread(target=lose, daemon=True).start()
    status = subprocess.run(arguments.command, check=False).returncode
    return status if status >= 0 else 128 - status


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--lose")
    parser.add_argument("--when", default="/")
    parser.add_argument("--inside", action="store_true")
    parser.add_argument("folder")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    if arguments.inside:
        return inside(arguments)
    if not all(program(name) for name in ("slurmctld", "slurmd", "munged", "sbatch")):
        print("lab_slurm: Slurm is not installed", file=sys.stderr)
        return 77
    os.execvp("unshare", ["unshare", "--net", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc",
                          sys.executable, __file__, "--inside", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
