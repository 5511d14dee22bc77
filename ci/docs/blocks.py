#!/usr/bin/env python3
"""The command blocks of the documentation: are they marked, do their commands exist, and do they run?

    ci/docs/blocks.py check OFFLAB             every block is marked, every `offlab` command line has options that exist
    ci/docs/blocks.py run OFFLAB [--lab] [FILE...]
                                              runs the blocks; those that build labs only with --lab

A fenced block of README.md or docs/ says in its first line what it holds. `sh` is commands: all `sh` blocks of a page are run,
one after the other, in one scratch folder that has copies of topologies/, examples/ and tests/data/, with `offlab` on the PATH.
A comment above the block says more; several words are separated by commas:

    <!-- not run: REASON -->   it cannot be run here; its command lines are checked all the same
    <!-- lab -->               it builds labs: minutes, under emulation
    <!-- exit N -->            the exit status of its last command (default: 0); all others are 0
    <!-- output -->            above a `text` block: what the block before it prints. `...` stands for any text within a
                               line, alone on a line for any number of lines
"""
import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LANGUAGES = {"sh", "text", "toml", "json", "sql", "xml", "yaml", "cpp", "cmake", "python"}
COPIED = ["topologies", "examples", "guest-images", "tests/data"]
SECONDS, LAB_SECONDS = 120, 1800


@dataclass
class Block:
    page: Path
    line: int
    language: str
    text: str
    indent: str
    not_run: str = ""
    lab: bool = False
    status: int = 0
    output: bool = False
    mistakes: list = field(default_factory=list)

    def place(self):
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages():
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def read_marks(block, comment):
    reason = re.fullmatch(r"not run: *(.+)", comment, re.S)
    if reason:
        block.not_run = reason.group(1)
        return
    for word in (one.strip() for one in comment.split(",")):
        status = re.fullmatch(r"exit (\d+)", word)
        if word == "lab":
            block.lab = True
        elif word == "output":
            block.output = True
        elif status:
            block.status = int(status.group(1))
        else:
            block.mistakes.append(f"unknown mark '{word}'")


def blocks_of(page):
    lines = page.read_text().splitlines()
    blocks, at = [], 0
    while at < len(lines):
        fence = re.match(r"^(\s*)(```+)(.*)$", lines[at])
        if not fence:
            if re.match(r"^ {4,}(offlab|sudo offlab|\./ci/|ci/)\b", lines[at]):
                block = Block(page, at + 1, "sh", "", "")
                block.mistakes.append("commands in an indented block: give them a fence")
                blocks.append(block)
            at += 1
            continue
        indent, ticks, language = fence.groups()
        end = next(n for n in range(at + 1, len(lines)) if lines[n].strip() == ticks)
        text = "\n".join(line.removeprefix(indent) for line in lines[at + 1:end]) + "\n"
        block = Block(page, at + 1, language.strip(), text, indent)
        above = at - 1
        while above >= 0 and not lines[above].strip():
            above -= 1
        comment = re.fullmatch(r"\s*<!--(.*)-->\s*", lines[above]) if above >= 0 else None
        if comment and above == at - 1:
            read_marks(block, comment.group(1).strip())
        if block.language not in LANGUAGES:
            block.mistakes.append(f"a fence says what it holds: one of {', '.join(sorted(LANGUAGES))}")
        blocks.append(block)
        at = end + 1
    return blocks


def subcommands_in(text):
    """In the order of --help: what its sections list, but for options and positionals."""
    names, section = [], ""
    for line in text.splitlines():
        if title := re.fullmatch(r"(\S[^:]*):", line):
            section = title.group(1).lower()
        elif section and "option" not in section and "positional" not in section:
            if name := re.match(r"  ([a-z][a-z0-9-]*)(?:\s|$)", line):
                names.append(name.group(1))
    return names


class CommandLine:
    """What `offlab` takes, as --help says."""

    def __init__(self, program):
        self.program = program
        self.known = {}

    def help(self, words):
        if words not in self.known:
            done = subprocess.run([self.program, *words, "--help"], capture_output=True, text=True, timeout=20)
            self.known[words] = done.stdout if done.returncode == 0 else None
        return self.known[words]

    def subcommands(self, words):
        return set(subcommands_in(self.help(words) or ""))

    def options(self, words):
        return set(re.findall(r"(?<![\w-])(--?[a-zA-Z][\w-]*)", self.help(words) or ""))

    def mistake(self, words):
        command, rest = (), list(words)
        while rest and rest[0] in self.subcommands(command):
            command += (rest.pop(0),)
        if not command:
            if rest and rest[0] not in ("--help", "--version"):
                return f"there is no command '{rest[0]}'"
            return ""
        if self.subcommands(command) and rest and re.fullmatch(r"[a-z][a-z-]+", rest[0]):
            return f"there is no command '{' '.join(command)} {rest[0]}'"
        for number, word in enumerate(rest):
            if word == "--" or (command[-1] in ("exec", "ssh") and number > 0):
                break
            option = re.match(r"(--[a-z][\w-]*|-[a-zA-Z])(?==|$)", word)
            if option and option.group(1) not in self.options(command):
                return f"'{' '.join(command)}' has no option {option.group(1)}"
        return ""


def command_lines(text):
    """Each `offlab` in shell text, as words; a synopsis may have brackets and dots."""
    joined = re.sub(r"\\\n\s*", " ", text)
    for line in joined.splitlines():
        for part in re.split(r"\s\|\s|;|&&|\$\(", re.sub(r"(^|\s)#.*", "", line)):
            part = re.sub(r"[\[\]()]", " ", part)
            try:
                words = shlex.split(part)
            except ValueError:
                words = part.split()
            while words and (words[0] in ("sudo", "exec", "!") or re.fullmatch(r"[A-Z_]+=\S*", words[0])):
                words.pop(0)
            if words and Path(words[0]).name == "offlab":
                yield words[1:]


def inline_commands(page):
    text = re.sub(r"^\s*```.*?^\s*```", "", page.read_text(), flags=re.S | re.M)
    for span in re.findall(r"`(offlab [^`\n]+)`", text):
        yield span


def check(program):
    offlab, mistakes, counts = CommandLine(program), [], {"run": 0, "lab": 0, "not run": 0}
    for page in pages():
        before = None
        for block in blocks_of(page):
            mistakes += [f"{block.place()}: {mistake}" for mistake in block.mistakes]
            if block.output and not (before and before.language == "sh" and not before.not_run):
                mistakes.append(f"{block.place()}: an output without a block before it that is run")
            before = block
            if block.language != "sh":
                continue
            counts["not run" if block.not_run else "lab" if block.lab else "run"] += 1
            for words in command_lines(block.text):
                if mistake := offlab.mistake(words):
                    mistakes.append(f"{block.place()}: offlab {' '.join(words)}: {mistake}")
        for span in inline_commands(page):
            for words in command_lines(span):
                if mistake := offlab.mistake(words):
                    mistakes.append(f"{page.relative_to(ROOT)}: `{span}`: {mistake}")
    for mistake in mistakes:
        print(mistake)
    print(f"blocks: {counts['run']} are run, {counts['lab']} in labs, {counts['not run']} are not run and say why; "
          f"{len(mistakes)} mistakes")
    return 1 if mistakes else 0


def line_matches(expected, line):
    pattern = ".*".join(re.escape(part) for part in expected.rstrip().split("..."))
    return re.fullmatch(pattern, line.rstrip()) is not None


def is_output(text, output):
    """Runs of expected lines between lines of `...`: each is found behind the one before it, the first one at the beginning, the last
    one at the end."""
    lines = output.strip("\n").split("\n")
    runs = [[]]
    for expected in text.strip("\n").split("\n"):
        if expected.strip() == "...":
            runs.append([])
        else:
            runs[-1].append(expected)

    def is_at(run, at):
        return at + len(run) <= len(lines) and all(line_matches(one, lines[at + n]) for n, one in enumerate(run))

    at = 0
    for number, run in enumerate(runs):
        first, last = number == 0, number == len(runs) - 1
        begins = [0] if first else range(at, len(lines) + 1)
        if last:
            begins = [begin for begin in begins if begin == len(lines) - len(run)]
        begin = next((begin for begin in begins if is_at(run, begin)), None)
        if begin is None:
            return False
        at = begin + len(run)
    return True


def run_block(block, folder, program):
    environment = dict(os.environ, PATH=f"{Path(program).parent}:{os.environ['PATH']}", NO_COLOR="1", COLUMNS="200")
    *first, last = re.sub(r"\\\n\s*", " ", block.text).rstrip("\n").split("\n")
    script = "set -eo pipefail\n" + block.text if block.status == 0 else (
        "set -eo pipefail\n" + "\n".join(first) + "\nset +e\n" + last + "\n")
    with open(folder / ".output", "w+") as output:
        process = subprocess.Popen(["bash", "-c", script], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            status = process.wait(LAB_SECONDS if block.lab else SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 15)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.wait()
            status = "no end in time"
        output.seek(0)
        return status, output.read()


def fail(block, why, output):
    print(f"FAILED {block.place()}: {why}")
    print("".join(f"    | {line}\n" for line in block.text.splitlines()), end="")
    print("".join(f"    > {line}\n" for line in output.splitlines()[-40:]), end="", flush=True)


def run_page(page, program, labs):
    passed = failed = left = 0
    blocks = [block for block in blocks_of(page)]
    if not any(block.language == "sh" and not block.not_run for block in blocks):
        return 0, 0, 0
    folder = Path(tempfile.mkdtemp(prefix="offlab-docs-"))
    try:
        for name in COPIED:
            shutil.copytree(ROOT / name, folder / name)
        output = None
        for block in blocks:
            if block.output and output is not None:
                if not is_output(block.text, output):
                    fail(block, "the block before it prints something else", output)
                    passed, failed = passed - 1, failed + 1
                continue
            if block.language != "sh":
                continue
            output = None
            if block.not_run:
                continue
            if block.lab and not labs:
                left += 1
                continue
            status, output = run_block(block, folder, program)
            if status != block.status:
                fail(block, f"exit status {status}, not {block.status}", output)
                failed, output = failed + 1, None
            else:
                passed += 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return passed, failed, left


def run(program, labs, names):
    passed = failed = left = 0
    for page in [ROOT / name for name in names] if names else pages():
        one = run_page(page, program, labs)
        if one != (0, 0, 0):
            print(f"{page.relative_to(ROOT)}: {one[0]} passed, {one[1]} failed, {one[2]} labs left out", flush=True)
        passed, failed, left = passed + one[0], failed + one[1], left + one[2]
    print(f"{passed} passed, {failed} failed" + (f", {left} skipped" if left else ""))
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["check", "run"])
    parser.add_argument("offlab", type=lambda path: str(Path(path).resolve()))
    parser.add_argument("--lab", action="store_true")
    parser.add_argument("files", nargs="*")
    given = parser.parse_intermixed_args()
    sys.exit(check(given.offlab) if given.what == "check" else run(given.offlab, given.lab, given.files))


if __name__ == "__main__":
    main()
