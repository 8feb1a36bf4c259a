# The HSS beside what freeDiameter can give at all: four servers under the same load, interleaved in rounds of one run,
# so that whatever else the machine does falls on all of them.
# SPDX-License-Identifier: MIT
import argparse
import contextlib
import json
import pathlib
import sqlite3
import statistics
import sys

from tests.bench import endurance, machine
from tests.bench.document import bullets, plain, spread, table, write_section
from tests.bench.load import measure, refuse_wrong_answers, run_hsslab
from tests.bench.plot import spread_plot
from tests.bench.subjects import Empty, Failed, Hss, Responder, keys_file

MIXES = {"mar": "MAR", "registration": "registration: UAR, MAR, SAR", "lir": "LIR"}
# Requests in flight on each connection, for the table of the latency by load.
IN_FLIGHT = (1, 4, 16, 64, 256)
BARE, PACKAGED, TUNED, HSS = "bare responder", "empty extension, packaged", "empty extension, tuned", "hss.fdx"


def say(words):
    print(words, flush=True)


# ---- Preparation


def register_everybody(hss, build, users):
    """LIR is asked for users who are registered."""
    probe = run_hsslab(build, hss.port, users, mix="registration", seconds=1)
    refuse_wrong_answers(probe, hss.name)
    for _ in range(10):
        # As long as one time round takes, and then some.
        seconds = 1 + 1.2 * users / max(1.0, probe["procedures_per_second"])
        refuse_wrong_answers(run_hsslab(build, hss.port, users, mix="registration", seconds=seconds), hss.name)
        with contextlib.closing(sqlite3.connect(f"file:{hss.database}?mode=ro", uri=True)) as database:
            query = "SELECT count(DISTINCT private_identity) FROM registration WHERE status = 1"
            registered = database.execute(query).fetchone()[0]
        if registered == users:
            return
    raise Failed(f"only {registered} of {users} users are registered")


def check_vectors(hss, build, users):
    """Every vector is one of the card's, and no SQN comes twice."""
    keys = keys_file(hss.directory)
    report = run_hsslab(build, hss.port, users, seconds=2, more=["--verify", "--keys-file", str(keys)])
    keys.unlink()
    refuse_wrong_answers(report, hss.name)
    if not report["verified"]:
        raise Failed("no vector was checked")
    return report["verified"]


# ---- Measuring


def interleaved(subjects, build, options):
    """{mix: {name: [Figures of each round]}}; "lone" is a mix as well: MAR, one at a time; and so is each of IN_FLIGHT,
    of two of the servers."""
    results = {mix: {subject.name: [] for subject in subjects} for mix in (*MIXES, "lone")}
    results |= {count: {name: [] for name in (TUNED, HSS)} for count in IN_FLIGHT}
    for number in range(options.rounds):
        subjects = [*subjects[1:], subjects[0]]  # nobody always comes after the same one
        for mix in MIXES:
            for subject in subjects:
                figures = measure(subject, build, options.users, mix=mix, seconds=options.seconds)
                results[mix][subject.name].append(figures)
        for subject in subjects:
            lone = measure(subject, build, options.users, connections=1, in_flight=1, seconds=options.lone_seconds)
            results["lone"][subject.name].append(lone)
        for count in IN_FLIGHT:
            for subject in (each for each in subjects if each.name in results[count]):
                figures = measure(subject, build, options.users, in_flight=count, seconds=options.lone_seconds)
                results[count][subject.name].append(figures)
        rates = ", ".join(f"{name} {rows[-1].rate:,.0f}" for name, rows in results["mar"].items())
        say(f"round {number + 1} of {options.rounds}: MAR a second: {rates}")
    return results


def medians(rows, what):
    return statistics.median(getattr(figures, what) for figures in rows)


def ratios(one, other, what="rate"):
    """Round by round: what happened to the machine happened to both."""
    return [getattr(a, what) / getattr(b, what) for a, b in zip(one, other)]


def ratios_within(rows):
    return [figures.p99 / figures.p50 for figures in rows]


# ---- Telling


def main_table(results):
    rows = []
    for mix, heading in MIXES.items():
        tuned = results[mix][TUNED]
        for name, figures in results[mix].items():
            rate, cpu = ratios(figures, tuned), ratios(tuned, figures, "server_us")
            rows.append(
                [
                    f"{heading}: {name}",
                    f"{medians(figures, 'rate'):,.0f}",
                    spread(rate),
                    f"{medians(figures, 'server_us'):.1f}",
                    f"{statistics.median(cpu):.2f}",
                    f"{medians(figures, 'client_us'):.1f}",
                    f"{medians(figures, 'p50'):.2f}",
                    f"{medians(figures, 'p99'):.2f}",
                ]
            )
    header = ["", "answers/s", "of the tuned one's (spread)", "server CPU us", "tuned one's CPU of it", "client CPU us"]
    return table([*header, "p50 ms", "p99 ms"], rows)


def lone_table(results):
    rows = [
        [name, f"{medians(figures, 'p50') * 1000:.0f}", f"{medians(figures, 'p99') * 1000:.0f}"]
        for name, figures in results["lone"].items()
    ]
    return table(["one MAR at a time", "p50 us", "p99 us"], rows)


def in_flight_table(results):
    rows = []
    for count in IN_FLIGHT:
        for name, figures in results[count].items():
            rows.append(
                [
                    f"{count}: {name}",
                    f"{medians(figures, 'rate'):,.0f}",
                    f"{medians(figures, 'p50'):.2f}",
                    f"{medians(figures, 'p99'):.2f}",
                    spread(ratios_within(figures)),
                ]
            )
    header = ["MAR, in flight on each of 4 connections", "answers/s", "p50 ms", "p99 ms", "p99 of p50 (spread)"]
    return table(header, rows)


def targets(results):
    """(what, target in words, measured, spread, met)."""

    def at_least(what, mix, base, limit):
        row = ratios(results[mix][HSS], results[mix][base])
        value = statistics.median(row)
        return what, f"at least {limit}", value, row, value >= limit

    def at_most(what, row, limit):
        value = statistics.median(row)
        return what, f"at most {limit}", value, row, value <= limit

    full = results["mar"][HSS]
    return [
        at_least("MAR/s of the tuned empty extension's", "mar", TUNED, 0.85),
        at_least("MAR/s of the packaged empty extension's", "mar", PACKAGED, 1.5),
        at_least("registrations, answers/s of the tuned one's", "registration", TUNED, 0.75),
        at_least("LIR/s of the tuned one's", "lir", TUNED, 0.9),
        at_most("lone MAR, p50 of the tuned one's", ratios(results["lone"][HSS], results["lone"][TUNED], "p50"), 4),
        at_most("MAR at full load, p99 of its p50", ratios_within(full), 2.5),
    ]


def target_table(results):
    rows = [
        [what, target, f"{value:.2f}", f"{min(row):.2f} to {max(row):.2f}", "yes" if met else "**no**"]
        for what, target, value, row, met in targets(results)
    ]
    return table(["Ratio, of one run", "Target", "Median", "Spread", "Met"], rows)


def as_text(results, options, verified):
    load = f"{options.users:,} subscribers in random order, 4 connections with 64 requests in flight on each"
    return "\n\n".join(
        [
            bullets(machine.describe(options.directory)),
            f"{load}; {options.rounds} rounds of {options.seconds:g} s for each line, interleaved; medians. "
            f"hss.fdx as `hssctl init` sets it up: each commit synced to this disk before it is answered, its log at the "
            f"default level into a file. Before the rounds {verified:,} vectors of hss.fdx were checked: each is the "
            f"card's own, and no SQN came twice. Every answer of the rounds is a success.",
            target_table(results),
            main_table(results),
            lone_table(results),
            in_flight_table(results),
            "![Answers a second](performance-servers.svg)",
        ]
    )


def as_json(results):
    return {mix: {name: [vars(f) for f in rows] for name, rows in by_name.items()} for mix, by_name in results.items()}


def run(options):
    build = options.build.resolve()
    options.directory = options.directory.resolve()
    options.directory.mkdir(parents=True, exist_ok=True)
    machine.refuse_memory(options.directory)
    responder = Responder(options.directory / "responder", build)
    packaged = Empty(options.directory / "packaged", build, "packaged")
    tuned = Empty(options.directory / "tuned", build, "tuned")
    hss = Hss(options.directory / "hss", build)
    subjects = [responder, packaged, tuned, hss]
    say(f"importing {options.users:,} subscribers")
    hss.provision(options.users)
    try:
        for subject in subjects:
            subject.start()
        verified = check_vectors(hss, build, options.users)
        say(f"{verified:,} vectors checked; registering everybody")
        register_everybody(hss, build, options.users)
        results = interleaved(subjects, build, options)
        for subject in subjects[:-1]:
            subject.stop()
        say(plain(target_table(results)))
        say(plain(main_table(results)))
        say(plain(lone_table(results)))
        say(plain(in_flight_table(results)))
        (options.directory / "servers.json").write_text(json.dumps(as_json(results), indent=1))
        if options.document:
            write_section(options.document, "servers", as_text(results, options, verified))
            groups = {heading: {} for heading in MIXES.values()}
            for mix, heading in MIXES.items():
                groups[heading] = {name: [f.rate for f in rows] for name, rows in results[mix].items()}
            spread_plot(
                options.document.parent / "performance-servers.svg",
                "Answers a second: median, least and most of all rounds",
                groups,
            )
        endurance.run(hss, build, options, say)
    finally:
        for subject in subjects:
            subject.stop()


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, default="build/bench", help="the build directory")
    parser.add_argument("--directory", type=pathlib.Path, default="build/bench/run", help="for databases: on a disk")
    parser.add_argument("--document", type=pathlib.Path, help="the document whose sections are written")
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each load")
    parser.add_argument("--lone-seconds", type=float, default=2.0)
    parser.add_argument("--endurance", type=float, default=600.0, help="seconds of the long load on hss.fdx; 0: none")
    parser.add_argument("--quick", action="store_true", help="few users, short loads: to see that it works")
    options = parser.parse_args(arguments)
    if options.quick:
        options.users, options.rounds, options.seconds, options.lone_seconds = 10_000, 3, 1.0, 0.5
        options.endurance = 5.0
    try:
        run(options)
    except Failed as problem:
        print(f"bench: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
