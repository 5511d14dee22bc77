#!/usr/bin/env python3
"""`offlab inspect` on routers whose risk is known: those of topologies/hazards, before their traffic.

    ci/inspect_hazards.py [FILE...]

Starts the lab of each case with `offlab up --case`, looks at its router as a user would (the script of `offlab inspect`,
run there), and compares: a router of a case that fails must not be called safe, and one of a case that is healthy must
not be called at risk. Prints a line for each; ends with 1 where one is wrong."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import tomllib

HERE = pathlib.Path(__file__).resolve().parent.parent
OFFLAB = os.environ.get("OFFLAB", str(HERE / "build/release/offlab"))


def cases_of(file):
    document = tomllib.loads(file.read_text())
    return [(case["name"], case.get("expect", "healthy")) for case in document.get("case", [])]


def inspected(file, case, folder):
    lab = f"inspect-{os.getpid()}"
    up = subprocess.run([OFFLAB, "up", file, "--case", case, "--name", lab], stdin=subprocess.DEVNULL,
                        capture_output=True, text=True)
    if up.returncode:
        return None, up.stdout[-300:] + up.stderr[-300:]
    try:
        script = subprocess.run([OFFLAB, "inspect", "--script"], capture_output=True, text=True, check=True).stdout
        seen = subprocess.run([OFFLAB, "exec", "--lab", lab, "router", "sh -s"], input=script, capture_output=True, text=True)
        output = folder / "router.txt"
        output.write_text(seen.stdout)
        answer = subprocess.run([OFFLAB, "inspect", output, "--json"], capture_output=True, text=True)
        document = json.loads(answer.stdout)
        rows = [f"{row['hazards']}: {row['risk']}" for row in document["rows"]]
        return document["risk"], "; ".join(rows)
    finally:
        subprocess.run([OFFLAB, "down", lab], stdin=subprocess.DEVNULL, capture_output=True)


def main():
    files = [pathlib.Path(name).resolve() for name in sys.argv[1:]] or sorted((HERE / "topologies/hazards").glob("h*.toml"))
    wrong = looked = 0
    with tempfile.TemporaryDirectory() as name:
        for file in files:
            for case, expect in cases_of(file):
                if expect == "skip":  # offlab refuses its lab
                    continue
                risk, rows = inspected(file, case, pathlib.Path(name))
                looked += 1
                broken = expect not in ("healthy", "legit-pmtud")
                bad = risk is None or (broken and risk == "safe") or (not broken and risk == "at-risk")
                wrong += bad
                print(f"{'WRONG ' if bad else 'right '} {file.name} {case}: expected {expect}, inspect says {risk} ({rows})",
                      flush=True)
    print(f"{looked} routers, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
