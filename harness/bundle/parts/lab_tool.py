#!/usr/bin/env python3
"""What reproduce.sh cannot do in shell: the offload word of a tap that QEMU has open, and the comparison of counters."""
import fcntl
import json
import os
import struct
import sys

TUNGETIFF = 0x800454D2  # linux/if_tun.h
TUNSETOFFLOAD = 0x400454D0
SYS_PIDFD_OPEN = 434
SYS_PIDFD_GETFD = 438


def syscall(number, *arguments):
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(a) for a in arguments])
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def taps_of(pid):
    """Descriptors of /dev/net/tun that the process has open."""
    folder = f"/proc/{pid}/fd"
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for name in names:
        try:
            if os.readlink(f"{folder}/{name}") == "/dev/net/tun":
                yield int(name)
        except OSError:
            continue


def force(tap, word):
    found = False
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or int(entry) == os.getpid():
            continue
        for descriptor in taps_of(entry):
            try:
                copy = syscall(SYS_PIDFD_GETFD, syscall(SYS_PIDFD_OPEN, int(entry), 0), descriptor, 0)
            except OSError:
                continue
            request = bytearray(40)
            fcntl.ioctl(copy, TUNGETIFF, request)
            if request[:16].rstrip(b"\0").decode() == tap:
                fcntl.ioctl(copy, TUNSETOFFLOAD, int(word, 0))
                found = True
            os.close(copy)
    if found:
        print(f"{tap}: offload word {word}")
    return 0 if found else 1


def read_counters(path):
    """/proc/net/snmp in pairs of lines, /proc/net/snmp6 in lines of two words."""
    counters = {}
    with open(path) as file:
        lines = file.read().splitlines()
    names = {}
    for line in lines:
        words = line.split()
        if not words:
            continue
        if words[0].endswith(":"):
            if words[0] in names:
                for name, value in zip(names.pop(words[0]), words[1:]):
                    counters[words[0][:-1] + "." + name] = int(value)
            else:
                names[words[0]] = words[1:]
        elif len(words) == 2 and words[1].isdigit():
            counters[words[0]] = int(words[1])
    return counters


def growth(leg, node, name):
    """None where the node was not asked."""
    if not os.path.exists(f"{leg}/after/{node}.txt"):
        return None
    before = read_counters(f"{leg}/before/{node}.txt").get(name, 0)
    after = read_counters(f"{leg}/after/{node}.txt").get(name, 0)
    return max(0, after - before)


def goodput(leg, warmup):
    """Bit/s that the receiver counted after the warm-up, from iperf3's report."""
    try:
        with open(f"{leg}/iperf3.json") as file:
            report = json.load(file)
    except (OSError, ValueError):
        return None
    sums = [one["sum"] for one in report.get("intervals", []) if one["sum"]["start"] >= warmup]
    if not sums:
        sums = [one["sum"] for one in report.get("intervals", [])]
    seconds = sum(one["seconds"] for one in sums)
    return 8 * sum(one["bytes"] for one in sums) / seconds if seconds > 0 else None


def words_of(value, unit):
    if value is None:
        return "-"
    if unit == "bit/s":
        for limit, word in ((1e9, "Gbit/s"), (1e6, "Mbit/s"), (1e3, "kbit/s")):
            if value >= limit:
                return f"{value / limit:.3g} {word}"
    return f"{value:.3g} {unit}".strip() if unit else str(value)


def is_alike(expected, seen):
    """A counter that grew there grows here, and one that did not, does not."""
    return seen is not None and (seen >= 5 if expected >= 5 else seen <= expected + 5)


def compare(expected_file, out):
    with open(expected_file) as file:
        expected = json.load(file)
    good = True
    compared = 0
    print(f"\n{'':48}{'here':>26}{'in the bundle':>26}")
    print(f"{'':48}{'control':>13}{'case':>13}{'control':>13}{'case':>13}")
    rates = {leg: goodput(f"{out}/{leg}", expected["warmup_seconds"]) for leg in ("control", "case")}
    there = expected["goodput_bps"]
    if there["control"] and rates["control"] is None:
        print(f"the transfer of the control failed: look at {out}/control/iperf3.json")
        return 3
    print(f"{'goodput':48}" + "".join(f"{words_of(rate, 'bit/s'):>13}" for rate in
                                      (rates["control"], rates["case"], there["control"], there["case"])))
    if None not in (rates["control"], rates["case"], there["control"], there["case"]) and there["control"] > 0:
        compared += 1
        collapsed = there["case"] < 0.5 * there["control"]
        if collapsed != (rates["case"] < 0.5 * rates["control"]):
            print("  the goodput of the case against its control is not as in the bundle")
            good = False
    elif there["control"]:
        good = False
    for counter in expected["counters"]:
        here = {leg: growth(f"{out}/{leg}", counter["node"], counter["name"]) for leg in ("control", "case")}
        print(f"{counter['node'] + ' ' + counter['name']:48}" + "".join(
            f"{'-' if value is None else value:>13}" for value in (here["control"], here["case"], counter["control"], counter["case"])))
        compared += counter["matters"]
        if counter["matters"] and not (is_alike(counter["case"], here["case"]) and
                                       is_alike(counter["control"], here["control"])):
            print(f"  {counter['name']} is not as in the bundle")
            good = False
    if not compared:
        print(f"\nno counter tells whether this is {expected['class']}: look at the captures in {out}/case")
        return 4
    print(f"\n{'reproduced' if good else 'NOT reproduced'}: {expected['class']}")
    return 0 if good else 1


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "force":
        return force(sys.argv[2], sys.argv[3])
    if len(sys.argv) == 4 and sys.argv[1] == "compare":
        return compare(sys.argv[2], sys.argv[3])
    print("usage: lab_tool.py force TAP WORD | compare EXPECTED OUT", file=sys.stderr)
    return 2


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, ValueError, KeyError, TypeError) as error:  # 1 is an answer
        print(f"lab_tool.py: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(3)
