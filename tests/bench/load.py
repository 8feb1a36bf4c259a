# One load on one server by `hsslab load`, and what it cost either side. Every answer counts: one that is not a success,
# or does not come, ends the benchmark.
# SPDX-License-Identifier: MIT
import dataclasses
import json
import subprocess

from tests.bench.subjects import FIRST_IMSI, Failed
from tests.peer.server import REALM


class WrongAnswers(Failed):
    """The server answered wrongly, or not at all."""


@dataclasses.dataclass
class Figures:
    rate: float  # answers a second
    p50: float  # milliseconds, of whole procedures
    p99: float
    server_us: float  # CPU for each answer
    client_us: float
    silence: float  # milliseconds: the longest time between two answers
    answers: int


def run_hsslab(build, port, users, *, mix="mar", connections=4, in_flight=64, seconds, more=()):
    """The report of `hsslab load` as it is."""
    command = [str(build / "bin" / "hsslab"), "load", "--json", "--hss", f"127.0.0.1:{port}", "--realm", REALM]
    command += ["--users", str(users), "--first-imsi", FIRST_IMSI, "--mix", mix, "--duration", str(seconds)]
    command += ["--connections", str(connections), "--in-flight", str(in_flight), *more]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise WrongAnswers(f"hsslab load --mix {mix} ended with {done.returncode}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def answers_in(report):
    return sum(request["count"] for request in report["requests"])


def refuse_wrong_answers(report, name):
    problems = [
        f"{result['count']} x {request['command']} {result['name']}"
        for request in report["requests"]
        for result in request["results"]
        if result["code"] // 1000 != 2
    ]
    problems += [f"{report[what]} {what}" for what in ("timeouts", "late", "wrong") if report[what]]
    if problems:
        raise WrongAnswers(f"{name}: {', '.join(problems)}")


def measure(subject, build, users, **options):
    """Loads `subject` and returns Figures; WrongAnswers unless every answer is a success."""
    before = subject.cpu_seconds()
    report = run_hsslab(build, subject.port, users, **options)
    used = subject.cpu_seconds() - before
    refuse_wrong_answers(report, subject.name)
    answers = answers_in(report)
    rate = report["answers_per_second"]
    return Figures(
        rate=rate,
        p50=report["procedures"]["p50_ms"],
        p99=report["procedures"]["p99_ms"],
        server_us=1e6 * used / answers,
        client_us=1e6 * report["generator_cores"] / rate,
        silence=report["longest_silence_ms"],
        answers=answers,
    )
