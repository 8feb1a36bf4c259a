# What size costs: import, octets on disk, start-up, MAR rate and memory for 10^3 to 10^7 subscribers.
# SPDX-License-Identifier: MIT
import argparse
import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

from tests.bench import machine
from tests.bench.document import bullets, plain, spread, table, write_section
from tests.bench.load import measure
from tests.bench.plot import size_plot
from tests.bench.sqlite_import import seconds_of_import
from tests.bench.subjects import Failed, Hss, write_cards

CACHE = 256  # MiB, the default of the store
LONG = 3  # times as many rounds, so that what was logged in the first ones is folded in the others (db/logged_states.h)
IN_A_MIB = 1250  # subscribers that have room in a MiB of it (docs/performance.md)
LEAST = 1000


@dataclasses.dataclass
class Size:
    users: int
    hss: Hss
    import_seconds: float = 0
    import_memory: float = 0  # MiB
    sqlite_seconds: float | None = None
    octets: float = 0  # on disk, for each
    start_seconds: float = 0
    idle_memory: float = 0  # MiB
    busy_memory: float = 0
    rates: list = dataclasses.field(default_factory=list)

    @property
    def rate(self):
        return statistics.median(self.rates)


@dataclasses.dataclass
class Remembered:
    """The biggest size with a cache that has room for everybody."""

    cache: int  # MiB
    preload_seconds: float
    ratios: list  # MAR/s of those at 10,000, round by round
    rates: list
    memory: float  # MiB, afterwards


def say(words):
    print(words, flush=True)


def timed_import(hss, build, users):
    """(seconds, MiB at the most)."""
    cards = hss.directory / "cards.csv"
    write_cards(cards, users)
    begun = time.monotonic()
    with open(hss.directory / "import.log", "w") as log:
        command = [str(build / "bin" / "hssctl"), "-C", str(hss.store), "import", str(cards)]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - begun
    cards.unlink()
    if process.returncode != 0:
        raise Failed(f"hssctl import: {(hss.directory / 'import.log').read_text()[-500:]}")
    return seconds, usage.ru_maxrss / 1024


def prepare(users, options, build):
    size = Size(users, Hss(options.directory / f"hss-{users}", build))
    size.import_seconds, size.import_memory = timed_import(size.hss, build, users)
    on_disk = sum(file.stat().st_size for file in size.hss.store.glob("hss.db*"))
    size.octets = on_disk / users
    if users <= options.compare_most:
        size.sqlite_seconds = seconds_of_import(size.hss.database, size.hss.directory)
    beside = f", sqlite3 .import {size.sqlite_seconds:.1f} s" if size.sqlite_seconds else ""
    say(f"{users:,}: imported in {size.import_seconds:.1f} s{beside}, {size.octets:.0f} octets each")
    return size


def load_all(sizes, options, build):
    """Interleaved, so that what else the machine does falls on all sizes. Random pages a second, round by round."""
    disk = []
    for size in sizes:
        size.start_seconds = size.hss.start()
        size.idle_memory = size.hss.resident() / 2**20
    for number in range(options.rounds):
        pages = machine.random_read_rate(sizes[-1].hss.database)
        if pages is not None:
            disk.append(pages)
        for size in sizes:
            size.rates.append(measure(size.hss, build, size.users, seconds=options.seconds).rate)
        rates = ", ".join(f"{size.users:,}: {size.rates[-1]:,.0f}" for size in sizes)
        say(f"round {number + 1} of {options.rounds}: MAR a second: {rates}")
    for size in sizes:
        size.busy_memory = size.hss.resident() / 2**20
    return disk


def load_remembered(biggest, base, options, build):
    """The biggest size once more, everybody in memory, interleaved with `base`."""
    cache = -(-biggest.users // IN_A_MIB)
    biggest.hss.stop()
    biggest.hss.set("cache_mib", cache)
    begun = time.monotonic()
    biggest.hss.start()
    biggest.hss.wait_until_in_memory(timeout=3600)
    seconds = time.monotonic() - begun
    say(f"{biggest.users:,}: with cache_mib = {cache} everybody was in memory after {seconds:.0f} s")
    rates, ratios = [], []
    for number in range(LONG * options.rounds):
        of_base = measure(base.hss, build, base.users, seconds=options.seconds).rate
        rates.append(measure(biggest.hss, build, biggest.users, seconds=options.seconds).rate)
        ratios.append(rates[-1] / of_base)
        both = f"{base.users:,}: {of_base:,.0f}, {biggest.users:,}: {rates[-1]:,.0f}"
        say(f"round {number + 1} of {LONG * options.rounds}: MAR a second: {both}")
    return Remembered(cache, seconds, ratios, rates, biggest.hss.resident() / 2**20)


def base_of(sizes):
    """That of the target, when it is not the biggest."""
    return next((size for size in sizes[:-1] if size.users == 10_000), None)


def size_table(sizes):
    rows = [
        [
            f"{size.users:,}",
            f"{size.users / size.import_seconds:,.0f}",
            f"{size.users / size.sqlite_seconds:,.0f}" if size.sqlite_seconds else "",
            f"{size.import_memory:.0f}",
            f"{size.octets:.0f}",
            f"{size.start_seconds:.2f}",
            f"{size.rate:,.0f}",
            f"{size.idle_memory:.0f}",
            f"{size.busy_memory:.0f}",
        ]
        for size in sizes
    ]
    header = ["Subscribers", "imported/s", "sqlite3 .import/s", "import MiB", "octets each", "start s", "MAR/s"]
    return table([*header, "resident MiB", "after load"], rows)


def target_table(sizes, remembered):
    rows = []

    def row(what, target, value, met):
        rows.append([what, target, value, "yes" if met else "**no**"])

    compared = [size for size in sizes if size.sqlite_seconds]
    if compared:
        size = compared[-1]
        ratio = size.sqlite_seconds / size.import_seconds
        row(f"import of {size.users:,}, of sqlite3's own speed", "at least 0.33", f"{ratio:.2f}", ratio >= 1 / 3)
    biggest = sizes[-1]
    row("octets a subscriber on disk", "at most 900", f"{biggest.octets:.0f}", biggest.octets <= 900)
    slowest = max(size.start_seconds for size in sizes)
    row("start-up, of any size", "under 2 s", f"{slowest:.2f} s", slowest < 2)
    if base := base_of(sizes):
        what, least = f"MAR/s at {biggest.users:,} of that at {base.users:,}", "at least 0.6"
        values = [one / other for one, other in zip(biggest.rates, base.rates)]
        row(f"{what}, cache_mib = {CACHE}", least, spread(values), statistics.median(values) >= 0.6)
        values = remembered.ratios
        row(f"{what}, cache_mib = {remembered.cache}", least, spread(values), statistics.median(values) >= 0.6)
    memory = max(size.busy_memory for size in sizes)
    row("resident memory after load", f"at most {CACHE + 100} MiB", f"{memory:.0f} MiB", memory <= CACHE + 100)
    if base:
        most, memory = remembered.cache + 100, remembered.memory
        what = f"the same, cache_mib = {remembered.cache}"
        row(what, f"at most {most} MiB", f"{memory:.0f} MiB", memory <= most)
    return table(["Size", "Target", "Measured", "Met"], rows, left=2)


def panels(sizes):
    imports = {"hssctl": {size.users: size.users / size.import_seconds for size in sizes}}
    if compared := {size.users: size.users / size.sqlite_seconds for size in sizes if size.sqlite_seconds}:
        imports["sqlite3"] = compared
    return {
        "imported a second": imports,
        "octets a subscriber": {"": {size.users: size.octets for size in sizes}},
        "MAR a second": {"": {size.users: size.rate for size in sizes}},
        "start-up, seconds": {"": {size.users: size.start_seconds for size in sizes}},
        "resident memory, MiB": {
            "busy": {size.users: size.busy_memory for size in sizes},
            "idle": {size.users: size.idle_memory for size in sizes},
        },
    }


def run(options):
    build = options.build.resolve()
    options.directory = options.directory.resolve()
    options.directory.mkdir(parents=True, exist_ok=True)
    machine.refuse_memory(options.directory)
    about = machine.describe(options.directory)
    sizes = []
    try:
        users = LEAST
        while users <= options.most:
            sizes.append(prepare(users, options, build))
            users *= 10
        disk = load_all(sizes, options, build)
        remembered = None
        if base := base_of(sizes):
            remembered = load_remembered(sizes[-1], base, options, build)
    finally:
        for size in sizes:
            size.hss.stop()
    say(plain(target_table(sizes, remembered)))
    say(plain(size_table(sizes)))
    results = [{k: v for k, v in vars(size).items() if k != "hss"} for size in sizes]
    (options.directory / "scale.json").write_text(json.dumps(results, indent=1))
    if options.document:
        text = (
            f"MAR over all subscribers in random order, 4 connections with 64 in flight on each, {options.rounds} "
            f"rounds of {options.seconds:g} s interleaved over the sizes, medians. `sqlite3 .import`: the same rows "
            f"into the same tables with the same keys and indexes, without checks, up to {options.compare_most:,}."
        )
        if remembered:
            text += (
                f" With `cache_mib` = {remembered.cache} everybody of {sizes[-1].users:,} was in memory "
                f"{remembered.preload_seconds:.0f} s after the start; then: {statistics.median(remembered.rates):,.0f} "
                f"MAR/s, in {len(remembered.rates)} rounds of their own, with 10,000 beside them."
            )
        plot = "![Cost against size](performance-scale.svg)"
        if disk:
            readers = f"{machine.READERS} readers, before each round"
            about.append(f"{spread(disk, 0)} random pages of 4 KiB a second from the disk to {readers}")
        parts = [bullets(about), text, target_table(sizes, remembered), size_table(sizes), plot]
        write_section(options.document, "scale", "\n\n".join(parts))
        file = options.document.parent / "performance-scale.svg"
        size_plot(file, "Cost against the number of subscribers", panels(sizes))


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, default="build/bench", help="the build directory")
    parser.add_argument("--directory", type=pathlib.Path, default="build/bench/scale", help="for databases: on a disk")
    parser.add_argument("--document", type=pathlib.Path, help="the document whose section is written")
    parser.add_argument("--most", type=int, default=10_000_000, metavar="N", help="subscribers of the biggest size")
    parser.add_argument("--compare-most", type=int, default=1_000_000, help="up to which size sqlite3 imports as well")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each load")
    parser.add_argument("--quick", action="store_true", help="10^4 at the most, short loads: to see that it works")
    options = parser.parse_args(arguments)
    if options.quick:
        options.most, options.rounds, options.seconds = min(options.most, 10_000), 3, 1.0
    if options.most < LEAST:
        parser.error(f"--most: at least {LEAST}")
    try:
        run(options)
    except Failed as problem:
        print(f"bench: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
