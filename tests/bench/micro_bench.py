# Runs the Google Benchmarks of tests/bench/micro and tells what they found.
# SPDX-License-Identifier: MIT
import argparse
import json
import pathlib
import subprocess
import sys

from tests.bench import machine
from tests.bench.document import plain, table, write_section

NANOSECONDS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}
LIMIT = 1.6  # a vector, of the raw AES that it needs


def run_program(options):
    """{name: median in nanoseconds}."""
    command = [str(options.build.resolve() / "bin" / "hss_bench"), "--benchmark_format=json"]
    command += [f"--benchmark_repetitions={options.repetitions}", "--benchmark_report_aggregates_only=true"]
    command += [f"--benchmark_min_time={options.seconds}", "--benchmark_enable_random_interleaving=true"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=options.directory)
    if done.returncode != 0:
        raise SystemExit(f"bench: hss_bench ended with {done.returncode}: {done.stderr}")
    report = json.loads(done.stdout)
    problems = [row["error_message"] for row in report["benchmarks"] if row.get("error_occurred")]
    if problems:
        raise SystemExit(f"bench: {problems[0]}")
    medians = {}
    for row in report["benchmarks"]:
        if row["aggregate_name"] == "median":
            # Of the store the time that passes counts, of the rest the processor's.
            kind = "real_time" if "real_time" in row["run_name"] else "cpu_time"
            name = row["run_name"].removesuffix("/real_time").replace("_", " ").replace("/", " of ")
            medians[name] = row[kind] * NANOSECONDS[row["time_unit"]]
    return medians


def in_words(nanoseconds):
    return f"{nanoseconds:,.0f} ns" if nanoseconds < 1e4 else f"{nanoseconds / 1000:,.1f} us"


def as_table(medians):
    rows = []
    for name, value in medians.items():
        size = int(name.rpartition(" of ")[2]) if " of " in name else 1
        rows.append([name, in_words(value), in_words(value / size) if size > 1 else ""])
    return table(["Part", "Time", "for each"], rows)


def target(medians):
    raw = medians.get("aes ni key schedule and 5 blocks")
    if raw is None:
        return "No AES instructions here to compare a vector with."
    ratio = medians["milenage vector"] / raw
    met = "met" if ratio < LIMIT else "**not met**"
    return f"A Milenage vector takes {ratio:.2f} times the raw AES that it needs; target: under {LIMIT}; {met}."


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, default="build/bench", help="the build directory")
    parser.add_argument("--directory", type=pathlib.Path, default="build/bench/run", help="for a database: on a disk")
    parser.add_argument("--document", type=pathlib.Path, help="the document whose section is written")
    parser.add_argument("--repetitions", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=0.2, help="of each repetition")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args(arguments)
    if options.quick:
        options.repetitions, options.seconds = 3, 0.05
    options.directory.mkdir(parents=True, exist_ok=True)
    machine.refuse_memory(options.directory)
    medians = run_program(options)
    print(plain(as_table(medians)), target(medians), sep="\n", flush=True)
    if options.document:
        write_section(options.document, "micro", as_table(medians) + "\n\n" + target(medians))


if __name__ == "__main__":
    sys.exit(main())
