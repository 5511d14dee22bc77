#!/usr/bin/env python3
"""Kills `offlab nightly` with SIGKILL at random moments and resumes it, until so many kills are done.

    ci/kill_nights.py [KILLS [SEED]]     default: 50 kills

Each night has four cases. Afterwards the history must be sound, have each case of each night once, and nothing may be
left of any lab. About ten minutes under software emulation. Needs what `offlab run` needs, and a release build.
"""
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = os.environ.get("OFFLAB", str(ROOT / "build/release/offlab"))
CAMPAIGN = f"""
name = "kill"
[[part]]
file = "{ROOT}/topologies/demo.toml"
duration = "1s"
[[part]]
name = "lro"
file = "{ROOT}/topologies/vmxnet3-router.toml"
cases = ["hypervisor-lro", "control-lro-off"]
duration = "1s"
"""
CASES = 4
LATEST = 22.0  # seconds: about as long as a night takes


def main():
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    random.seed(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="offlab-kills-"))
    (folder / "campaign.toml").write_text(CAMPAIGN)
    history = folder / "history.sqlite"
    log = open(folder / "log", "w")
    done = nights = 0
    wrong = []
    while done < kills:
        nights += 1
        night = folder / f"night-{nights}"
        while True:
            if (night / "begin.json").exists():
                arguments = ["nightly", "--resume", str(night)]
            else:
                shutil.rmtree(night, ignore_errors=True)
                arguments = ["nightly", str(folder / "campaign.toml"), "--out", str(night), "--history", str(history)]
            process = subprocess.Popen([PROGRAM, *arguments], stdout=log, stderr=log)
            try:
                status = process.wait(random.uniform(0.2, LATEST) if done < kills else 600)
                if status != 0:
                    wrong.append(f"{night.name} ended with exit status {status}")
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                done += 1

    database = sqlite3.connect(history)
    if database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
        wrong.append("the history is damaged")
    finished = database.execute("SELECT count(*) FROM night WHERE finished <> ''").fetchone()[0]
    if finished != nights:
        wrong.append(f"{finished} of {nights} nights are finished")
    cases = database.execute("SELECT count(*) FROM result WHERE last = 1").fetchone()[0]
    once = database.execute(
        "SELECT count(*) FROM (SELECT 1 FROM result GROUP BY night, part, case_id HAVING sum(last) = 1)").fetchone()[0]
    attempts = database.execute("SELECT count(*) FROM result").fetchone()[0]
    if cases != nights * CASES or once != nights * CASES:
        wrong.append(f"{nights} nights of {CASES} cases have {cases} results, {once} cases have one")
    left = subprocess.run(["pgrep", "-f", str(folder)], capture_output=True, text=True).stdout.split()
    if left:
        wrong.append(f"processes are left: {' '.join(left)}")
    print(f"{done} kills in {nights} nights: {cases} results, {attempts} attempts")
    for line in wrong:
        print(line, file=sys.stderr)
    if wrong:
        print(f"evidence: {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
