#!/usr/bin/env python3
"""Runs on existing machines that get into trouble, and what offlab says.

    ci/lab_machines.py FOLDER ci/trouble_machines.py [NAME]...

Names: full-disk, clock-jump, cut, host-key, silent. Each runs a case that switches offloads and a sysctl of the router, and
makes its trouble before or in the middle of the transfer. Prints how the run ended, after how long, and what it said; looks
whether the router is as it was (where it is still there). Ends with 1 where anything is not as it was, or where no verdict
or sentence came within 60 s of the trouble."""
import base64
import subprocess
import sys
import time

from kill_machines import FOLDER, LAB, OFFLAB, state, wait_for

# The server stays; its sessions are children of it.
SESSIONS = "for p in $(pidof dropbear); do [ $(cut -d' ' -f4 /proc/$p/stat) = 1 ] || {}; done"
# With a key of its own until it has the old one again, half a minute later.
SERVER = ("echo {0} | base64 -d > /run/other; dropbearconvert openssh dropbear /run/other /etc/dropbear/other 2> /dev/null; "
          "restart() {{ for p in $(pidof dropbear); do [ $(cut -d' ' -f4 /proc/$p/stat) = 1 ] && kill $p; done; "
          "sleep 0.5; dropbear -r /etc/dropbear/$1 -s -p 22; }}; restart other; "
          "(sleep 30; restart host_key) < /dev/null > /dev/null 2>&1 & ")


def other_key():
    key = FOLDER / "other_key"
    if not key.exists():
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    return base64.b64encode(key.read_bytes()).decode()


# Trouble: (at which step of the run, what is done to the router).
TROUBLE = {
    "full-disk": (None, "mount -t tmpfs -o nr_inodes=1 tmpfs /run && mount -t tmpfs -o nr_inodes=1 tmpfs /tmp"),
    "clock-jump": ("bulk TCP", "date -s @$(($(date +%s) + 3600))"),
    "host-key": ("bulk TCP", SERVER.format(other_key()) + SESSIONS.format("kill -9 $p")),
    "cut": ("bulk TCP", SESSIONS.format("kill -9 $p")),
    "silent": ("bulk TCP", "echo b > /proc/sysrq-trigger"),
}


def on_router(command):
    return subprocess.run([OFFLAB, "exec", "--lab", LAB, "router", command], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL)


def run_in(name):
    step, command = TROUBLE[name]
    before = state()
    if step is None:
        on_router(command)
    run = FOLDER / f"trouble-{name}"
    log = open(FOLDER / f"trouble-{name}.log", "w+")
    program = subprocess.Popen(
        [OFFLAB, "run", FOLDER / "inside.toml", "--yes", "--axis", "router.wan.lro=on", "--axis",
         "router.sysctl.net.ipv4.tcp_sack=0", "--out", run], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
    if step is not None and not wait_for(run, program, step, 60):
        print(f"{name}: the step '{step}' was not reached")
    begin = time.monotonic()
    if step is not None:
        time.sleep(0.5)
        on_router(command)
    try:
        program.wait(60)
        late = False
    except subprocess.TimeoutExpired:
        program.terminate()
        program.wait()
        late = True
    took = time.monotonic() - begin
    log.seek(0)
    print(f"== {name}: exit {program.returncode} after {took:.1f} s{' TOO LATE' if late else ''}")
    print("".join(f"   {line}" for line in log.readlines()[-25:]))
    if name == "full-disk":
        on_router("umount /tmp /run")
    after = ""
    if name == "host-key":
        time.sleep(max(0, begin + 35 - time.monotonic()))
    if name != "silent":
        for _ in range(50):
            after = state()
            if after == before:
                break
            time.sleep(0.1)
        print(f"== {name}: {'as it was' if after == before else 'NOT AS IT WAS'}")
    back = subprocess.run([OFFLAB, "put-back"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    print(f"   put-back: {back.stdout.strip()}{back.stderr.strip()}", flush=True)
    if name == "host-key":
        after = state()
        print(f"== {name}: {'as it was' if after == before else 'NOT AS IT WAS'} after put-back")
    return late or (name != "silent" and after != before)


def main():
    return 1 if [name for name in (sys.argv[1:] or TROUBLE) if run_in(name)] else 0


if __name__ == "__main__":
    sys.exit(main())
