# The HSS alone: minutes at full load, with the longest silence and its memory; and twice what it can do, at which it
# must refuse and come back.
# SPDX-License-Identifier: MIT
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading

from tests.bench import machine
from tests.bench.document import plain, table, write_section
from tests.bench.load import WrongAnswers, answers_in, refuse_wrong_answers, run_hsslab
from tests.bench.subjects import Hss

SLOW = "the disk took [0-9]* ms to write a commit"  # in the server's log, of 100 ms and more
MEMORY, ROOM = "/dev/shm", 6 << 30  # 60,000 lines of the log a second, for a minute, take 1.4 GiB
BUSY = (2001, 3004)  # DIAMETER_SUCCESS, DIAMETER_TOO_BUSY


class Watch:
    """What `look` returns while something else runs, again and again with so many seconds between."""

    def __init__(self, look, pause):
        self.seen = []
        self._look = look
        self._pause = pause
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._loop)

    def _loop(self):
        while True:
            self.seen.append(self._look())
            if self._done.wait(self._pause):
                return

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        self._thread.join()


def longest_write(log, offset):
    """What the disk took longest for, in words, by the log from there on, which is some GiB."""
    command = 'tail -c +"$2" "$1" | { grep -ao "$3" || true; }'
    done = subprocess.run(
        ["sh", "-c", command, "sh", str(log), str(offset + 1), SLOW], capture_output=True, text=True, check=True
    )
    slow = [int(line.split()[3]) for line in done.stdout.splitlines()]
    return f"{max(slow)} ms; 100 ms and more: {len(slow)}" if slow else "less than 100 ms"


def in_memory(build, options):
    """Rows of the table: what is left when there is no disk to wait for, nor anything to lose."""
    seconds = min(60.0, options.endurance / 5)
    heading = f"with database and log in memory, {seconds:g} s"
    if shutil.disk_usage(MEMORY).free < ROOM:
        return [[heading, f"not measured: {MEMORY} has less than {ROOM >> 30} GiB"]]
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="minihss-bench-") as directory:
        os.sync()  # what the long load has left to be written, some GiB of log, takes the processors too
        hss = Hss(pathlib.Path(directory) / "hss", build)
        hss.provision(options.users)
        hss.start()
        try:
            report = run_hsslab(build, hss.port, options.users, seconds=seconds)
        finally:
            hss.stop()
    refuse_wrong_answers(report, hss.name)
    procedures = report["procedures"]
    return [
        [heading, f"{report['answers_per_second']:,.0f} a second"],
        ["longest time between two answers in memory", f"{report['longest_silence_ms']:.1f} ms"],
        ["p50, p99 in memory", f"{procedures['p50_ms']:.2f} ms, {procedures['p99_ms']:.2f} ms"],
    ]


def long_load(hss, build, options):
    """(rows of the table, MAR a second)."""
    begun = hss.log_file.stat().st_size
    with machine.SmallWrite(hss.directory) as write, Watch(write, 0.05) as disk, Watch(hss.resident, 1) as memory:
        report = run_hsslab(build, hss.port, options.users, seconds=options.endurance)
    refuse_wrong_answers(report, hss.name)
    early = memory.seen[len(memory.seen) // 10] / 2**20
    rows = [
        [f"MAR at full load for {options.endurance:g} s", f"{report['answers_per_second']:,.0f} a second"],
        ["longest time between two answers (target: under 50 ms)", f"{report['longest_silence_ms']:.1f} ms"],
        ["the longest that the disk took for one commit of it", longest_write(hss.log_file, begun)],
        ["and for 4 KiB of another process, 20 times a second", f"{1000 * max(disk.seen):.1f} ms"],
        ["p50, p99, p99.9", ", ".join(f"{report['procedures'][p]:.2f} ms" for p in ("p50_ms", "p99_ms", "p99.9_ms"))],
        ["resident memory after a tenth of it, and at the end", f"{early:.1f} MiB, {memory.seen[-1] / 2**20:.1f} MiB"],
    ]
    return rows, report["answers_per_second"]


def overload(hss, build, options, capacity):
    """Rows of the table: twice as many requests as it answers, and what it answers afterwards."""
    seconds = min(20.0, max(3.0, options.endurance / 10))
    more = ["--rate", f"{2 * capacity:.0f}"]
    report = run_hsslab(build, hss.port, options.users, in_flight=5000, seconds=seconds, more=more)
    results = {result["code"]: result["count"] for request in report["requests"] for result in request["results"]}
    unexpected = {code: count for code, count in results.items() if code not in BUSY}
    if unexpected or report["timeouts"]:
        raise WrongAnswers(f"{hss.name}, overloaded: {unexpected}, {report['timeouts']} timeouts")
    after = run_hsslab(build, hss.port, options.users, seconds=max(2.0, seconds / 2))
    refuse_wrong_answers(after, hss.name)
    answers = answers_in(report)
    return [
        [
            f"asked for {2 * capacity:,.0f} MAR a second for {seconds:g} s",
            f"{report['procedures']['count'] / seconds:,.0f} a second served, "
            f"{results.get(3004, 0) / answers:.0%} refused with DIAMETER_TOO_BUSY",
        ],
        ["p50, p99 of what was served", ", ".join(f"{report['procedures'][p]:.1f} ms" for p in ("p50_ms", "p99_ms"))],
        ["no answer at all", f"{report['timeouts']}"],
        ["afterwards, at full load", f"{after['answers_per_second']:,.0f} a second"],
    ]


def run(hss, build, options, say):
    if options.endurance <= 0:
        return
    say(f"{options.endurance:g} s of full load, then overload")
    rows, capacity = long_load(hss, build, options)
    rows += overload(hss, build, options, capacity)
    hss.stop()
    text = table(["hss.fdx alone", ""], [*rows, *in_memory(build, options)])
    say(plain(text))
    if options.document:
        write_section(options.document, "endurance", text)
