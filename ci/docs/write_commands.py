#!/usr/bin/env python3
"""docs/commands.md from --help of every command:   write_commands.py OFFLAB > docs/commands.md"""
import subprocess
import sys

from blocks import subcommands_in


def help_of(program, words):
    done = subprocess.run([program, *words, "--help"], capture_output=True, text=True, check=True)
    return "\n".join(line.rstrip() for line in done.stdout.strip().splitlines()) + "\n"


def sections(program, words):
    text = help_of(program, words)
    level = "#" * (1 + len(words))
    yield f"{level} offlab {' '.join(words)}\n\n```text\n{text}```\n"
    for name in subcommands_in(text):
        yield from sections(program, [*words, name])


def main():
    program = sys.argv[1]
    text = help_of(program, [])
    print("# Commands\n\nMade from `--help` of each command (`ci/docs.sh --write`). [By task](index.md) shows which one to use.\n")
    print(f"```text\n{text}```\n")
    for name in subcommands_in(text):
        print("\n".join(sections(program, [name])))


if __name__ == "__main__":
    main()
