"""Judges every capture below a folder; ci/bench-captures.sh says how it is used."""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

CAPTURE = re.compile(r"(?P<name>.+)\.(pcap|pcapng|cap)(\.(gz|zst|xz|lz4|bz2))?$")
SIDE = re.compile(r"(?P<pair>.+)-(?P<side>wan|lan)$")
ANSWERS = {0, 1, 2, 3, 4}  # exit statuses that offlab gives by itself
BROKEN = ("crash", "hung")

Judged = collections.namedtuple("Judged", "outcome classes reason seconds megabytes files")


def tasks_below(folder):
    """Lists of one file, and of two where both sides of a router are there."""
    alone, sides = [], collections.defaultdict(dict)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        capture = CAPTURE.match(path.name)
        if not capture:
            continue
        alone.append([path])
        if side := SIDE.match(capture["name"]):
            sides[path.parent / side["pair"]].setdefault(side["side"], path)
    pairs = [[pair["wan"], pair["lan"]] for pair in sides.values() if len(pair) == 2]
    return pairs + alone


def run(command, limit):
    """(exit status, negative after a signal; output; errors; seconds; MB; whether it was ended)"""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        begin = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
        ended = threading.Event()

        def end():
            ended.set()
            os.kill(process.pid, 9)  # not reaped yet: the timer is cancelled before

        timer = threading.Timer(limit, end)
        timer.start()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        timer.cancel()
        timer.join()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - begin
        texts = []
        for file in (output, errors):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
        # At least this script's own size: the kernel counts what was there before exec.
        return process.returncode, *texts, seconds, usage.ru_maxrss / 1024, ended.is_set()


def first_line(errors, files):
    """Of an error, without what differs from file to file."""
    line = next((line for line in errors.splitlines() if line.strip()), "nothing was said")
    for file in sorted(files, key=lambda file: -len(str(file))):
        line = line.replace(str(file), "FILE").replace(file.name, "FILE")
    return re.sub(r"\d+", "N", line)


def judge(offlab, files, limit):
    status, output, errors, seconds, megabytes, ended = run([offlab, "analyze", "--json", *map(str, files)], limit)
    measured = (seconds, megabytes, files)
    if ended:
        return Judged("hung", "-", f"ended after {limit:g} s", *measured)
    if status not in ANSWERS:
        return Judged("crash", "-", f"exit status {status}: {first_line(errors, files)}", *measured)
    try:
        answer = json.loads(output)
    except json.JSONDecodeError:
        if output:
            return Judged("crash", "-", "its output is no JSON", *measured)
        return Judged("error", "-", first_line(errors, files), *measured)
    violated = [finding["invariant"] for finding in answer["findings"] if finding["outcome"] == "fail"]
    return Judged(answer["outcome"], ",".join(answer["classes"]) or "-", ",".join(violated) or "-", *measured)


def print_counts(judged):
    counts = collections.defaultdict(lambda: [0, 0])
    for one in judged:
        counts[one.outcome, one.classes, one.reason][len(one.files) == 1] += 1
    print(f"{'pairs':>6} {'files':>6}  {'outcome':13} {'class':24} violated, or the error")
    for (outcome, classes, reason), (pairs, files) in sorted(counts.items()):
        print(f"{pairs:6} {files:6}  {outcome:13} {classes:24} {reason}")
    for outcome in sorted({one.outcome for one in judged}):
        print(f"{outcome}: {sum(one.outcome == outcome for one in judged)} of {len(judged)}")


def main():
    parser = argparse.ArgumentParser(prog="bench-captures.sh", description="What offlab analyze says of many captures.")
    parser.add_argument("--limit", type=float, default=60)
    parser.add_argument("--list", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("offlab", nargs="?", default=os.environ.get("OFFLAB", "offlab"))
    options = parser.parse_args()
    tasks = tasks_below(options.folder)
    if not tasks:
        parser.error(f"there is no capture below {options.folder}")
    if not os.access(options.offlab, os.X_OK):
        parser.error(f"{options.offlab} is not there; build it first, or name it")
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
        judged = list(threads.map(lambda files: judge(options.offlab, files, options.limit), tasks))

    def names(one):
        return " ".join(str(file.relative_to(options.folder)) for file in one.files)

    print_counts(judged)
    for title, unit, key in (("slowest", "s", lambda one: one.seconds), ("largest", "MB", lambda one: one.megabytes)):
        print(f"{title}:")
        for one in sorted(judged, key=key, reverse=True)[:5]:
            print(f"  {key(one):8.2f} {unit}  {names(one)}")
    broken = [one for one in judged if one.outcome in BROKEN]
    for one in broken:
        print(f"{one.outcome}: {names(one)}: {one.reason}")
    if options.list:
        options.list.write_text("".join(
            f"{one.outcome}\t{one.classes}\t{one.reason}\t{one.seconds:.2f}\t{one.megabytes:.0f}\t{names(one)}\n"
            for one in judged))
    sys.exit(1 if broken else 0)


main()
