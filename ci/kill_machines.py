#!/usr/bin/env python3
"""Kills runs on existing machines, and looks whether the next start puts everything back.

    ci/lab_machines.py FOLDER ci/kill_machines.py [TIMES]

Runs a case that switches offloads and an MTU of the router, and kills the program and its worker (SIGKILL) at TIMES
moments of it, in the middle of every step of a leg at least once. After each, `offlab put-back` must bring back what the
router had, and free it. Prints a line for each; ends with 1 where anything is not as it was."""
import os
import pathlib
import signal
import subprocess
import sys
import time

FOLDER = pathlib.Path(os.environ["OFFLAB_MACHINES"])
OFFLAB = os.environ["OFFLAB"]
LAB = os.environ["OFFLAB_MACHINES_LAB"]
MOMENTS = ["settings of this case", "counters", "bulk TCP", "capture", "end capture"]


def state():
    script = ("for d in lan wan; do ethtool -k $d; cat /sys/class/net/$d/mtu; done; cat /proc/sys/net/ipv4/tcp_sack; "
              "ls -d /run/offlab /run/offlab.lock /tmp/offlab 2>/dev/null; pidof tcpdump; :")
    return subprocess.run([OFFLAB, "exec", "--lab", LAB, "router", script], capture_output=True, text=True, check=True,
                          stdin=subprocess.DEVNULL).stdout


def start(number):
    run = FOLDER / f"killed-{number}"
    return run, subprocess.Popen(
        [OFFLAB, "run", FOLDER / "inside.toml", "--yes", "--axis", "router.wan.lro=on", "--axis", "router.wan.mtu=1400",
         "--axis", "router.sysctl.net.ipv4.tcp_sack=0", "--out", run],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def workers():
    found = []
    for cmdline in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = cmdline.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"--existing" in words and str(FOLDER).encode() in b" ".join(words):
            found.append(int(cmdline.parent.name))
    return found


def wait_for(run, program, words, seconds):
    end = time.monotonic() + seconds
    events = run / "events.jsonl"
    while time.monotonic() < end and program.poll() is None:
        if events.exists() and words in events.read_text():
            return True
        time.sleep(0.02)
    return False


def main():
    times = int(sys.argv[1]) if len(sys.argv) > 1 else len(MOMENTS)
    before = state()
    wrong = 0
    for number in range(times):
        words = MOMENTS[number % len(MOMENTS)]
        run, program = start(number)
        reached = wait_for(run, program, words, 60)
        time.sleep(0.1 * (number // len(MOMENTS)))
        for pid in [program.pid, *workers()]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        program.wait()
        changed = state() != before
        back = subprocess.run([OFFLAB, "put-back"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        # What tcpdump had open ends when its connection does.
        for _ in range(50):
            after = state()
            if after == before:
                break
            time.sleep(0.1)
        good = reached and back.returncode == 0 and after == before
        wrong += not good
        print(f"{words}: {'reached' if reached else 'NOT reached'}, {'changed' if changed else 'unchanged'}, "
              f"{'as it was' if after == before else 'NOT AS IT WAS'}: {back.stdout.strip()}{back.stderr.strip()}", flush=True)
        if after != before:
            (FOLDER / "before.txt").write_text(before)
            (FOLDER / f"after-{number}.txt").write_text(after)
    print(f"{times} kills, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
