# What README.md and docs/hsslab.md say that a command prints is what it prints: each "$ " line is run, in order,
# against a server that is set up as `./dev serve` does, and its output is compared line by line.
# SPDX-License-Identifier: MIT
import pathlib
import re
import shlex
import subprocess
import tempfile
import unittest

from tests.peer.server import Server, build_directory, free_port

SOURCE = pathlib.Path(__file__).resolve().parents[2]
LEFT_OUT = "..."
INDENT = "    "

# What is another in every run, wherever it stands: a pattern, and what stands in its place on both sides.
CHANGING = (
    (r'(nonce=")[A-Za-z0-9+/]{43}=(")', r"\1<RAND and AUTN>\2"),
    (r'(auts=")[A-Za-z0-9+/]{19}=(")', r"\1<AUTS>\2"),
    (r'((?:response|cnonce)=")[0-9a-f]{16,32}(")', r"\1<digest>\2"),
    (r"^(\s+(?:AT_)?(?:RAND|AUTN)\s+)[0-9a-f]{32}$", r"\1<32 digits>"),
    (r"^(\s+(?:AT_)?AUTS\s+)[0-9a-f]{28}$", r"\1<28 digits>"),
    (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "<time>"),
    (r"\[127\.0\.0\.1:\d+\]", "[<address>]"),
    (r"\b\d+\.\d+ms\b", "<duration>"),
)


def normalised(line):
    for pattern, instead in CHANGING:
        line = re.sub(pattern, instead, line)
    return line.rstrip()


def transcripts(document):
    """[(command, lines of output)] of the indented blocks of a document; a command may go on after a backslash."""
    found = []
    output = None
    for line in document.splitlines():
        if line.startswith(INDENT + "$ "):
            output = []
            found.append([line[len(INDENT) + 2 :], output])
        elif output is not None and line.startswith(INDENT):
            if found[-1][0].endswith("\\"):
                found[-1][0] = found[-1][0][:-1] + line.strip()
            else:
                output.append(line[len(INDENT) :])
        else:
            output = None
    return [tuple(each) for each in found]


def log_lines(document):
    """The blocks that show a line of the server's log, which is broken where it is too long: each as one line."""
    blocks = re.findall(rf"(?:^|\n)\n((?:{INDENT}\S.*\n)(?:{INDENT}  .*\n)+)", document)
    return [" ".join(block.split()) for block in blocks if re.match(rf"{INDENT}[A-Z]+ \S+ \[127", block)]


def difference(shown, printed):
    """None when `printed` is `shown` but for what is left out; else what is not there."""
    chunks = [[]]
    for line in shown:
        if line.strip() == LEFT_OUT:
            chunks.append([])
        else:
            chunks[-1].append(normalised(line))
    printed = [normalised(line) for line in printed]
    at = 0
    for number, chunk in enumerate(chunks):
        last = len(printed) - len(chunk)
        places = range(at, last + 1)
        if number == 0:
            places = [0]  # nothing is left out before it
        elif number == len(chunks) - 1:
            places = [last] if chunk and last >= at else places  # nor after it
        place = next((place for place in places if printed[place : place + len(chunk)] == chunk), None)
        if place is None:
            return "\n".join(chunk)
        at = place + len(chunk)
    return "what follows: " + "\n".join(printed[at:]) if len(chunks) == 1 and at != len(printed) else None


class DevServer(Server):
    """As `./dev serve` makes and starts it, but for its place and its port."""

    def __init__(self):
        self.build = build_directory()
        self._temporary = tempfile.TemporaryDirectory(prefix="minihss-test-")
        self.directory = pathlib.Path(self._temporary.name) / "var"
        self.log_file = pathlib.Path(self._temporary.name) / "log"
        self.port = free_port()
        self.process = None
        self._run(["init", str(self.directory), "--port", str(self.port)])
        self.hssctl("import", str(SOURCE / "docs/test-subscribers.csv"))


class TranscriptTest(unittest.TestCase):
    def command(self, line, server):
        """The command as it is run here: programs of the build, this server, and the test card for anybody's."""
        words = shlex.split(line)
        program = words[0].removeprefix("build/bin/")
        self.assertIn(program, ("hsslab", "hssctl"), line)
        words[0] = str(build_directory() / "bin" / program)
        words = ["docs/test-card.keys" if word == "card.keys" else word for word in words]
        if program == "hsslab":
            return [*words, "--hss", f"127.0.0.1:{server.port}"]
        self.assertEqual(words[1:3], ["-C", "var"], line)
        return [words[0], "-C", str(server.directory), *words[3:]]

    def check(self, document, least):
        text = (SOURCE / document).read_text(encoding="utf-8")
        commands = transcripts(text)
        self.assertGreaterEqual(len(commands), least)
        with DevServer() as server:
            for line, shown in commands:
                with self.subTest(line):
                    done = subprocess.run(
                        self.command(line, server), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                        timeout=60, cwd=SOURCE,
                    )
                    failed = any(each.startswith(("hsslab: ", "hssctl: ")) for each in shown)
                    self.assertEqual(done.returncode, 1 if failed else 0, done.stdout)
                    missing = difference(shown, done.stdout.splitlines())
                    self.assertIsNone(missing, f"{document}:\n{missing}\n\nis not what is printed:\n{done.stdout}")
            for shown in log_lines(text):
                parts = [re.escape(normalised(part)) for part in shown.split("...")]
                log = [normalised(line) for line in server.log().splitlines()]
                found = any(re.search(r"\S*".join(parts), line) for line in log)
                self.assertTrue(found, f"{shown}\n\nis not in:\n{server.log()}")
        return [line for line, _ in commands], log_lines(text)

    def test_the_tour_of_the_readme(self):
        commands, log = self.check("README.md", 4)
        self.assertEqual(len(log), 1)
        # What ./dev serve prints to be typed next is the same tour.
        dev = (SOURCE / "dev").read_text(encoding="utf-8")
        self.assertEqual([line for line in commands if f"\n  {line}" not in dev], [])
        for line in ("build/bin/hssctl init var >", '-C "$1" import docs/test-subscribers.csv'):
            self.assertIn(line, dev)

    def test_hsslab(self):
        self.check("docs/hsslab.md", 4)


class DifferenceTest(unittest.TestCase):
    """The comparison itself: it must see what is wrong."""

    def test_a_command_over_two_lines(self):
        text = "Text\n\n    $ hsslab a \\\n        b\n    one\n\nText\n\n    no command\n"
        self.assertEqual(transcripts(text), [("hsslab a b", ["one"])])

    def test_what_is_left_out(self):
        printed = ["one", "two", "three", "four"]
        for shown in (printed, ["...", "three", "four"], ["one", "..."], ["one", "...", "three", "..."], ["..."]):
            self.assertIsNone(difference(shown, printed), shown)

    def test_what_is_wrong(self):
        printed = ["one", "two", "three", "four"]
        wrong = (["two", "..."], ["...", "three"], ["one", "two"], ["...", "four", "...", "one", "..."],
                 ["one", "three"], ["...", "five", "..."], [*printed, "five"])
        for shown in wrong:
            self.assertIsNotNone(difference(shown, printed), shown)

    def test_what_changes(self):
        self.assertIsNone(difference(["    RAND  " + 32 * "a"], ["    RAND  " + 32 * "b"]))
        self.assertIsNotNone(difference(["    RAND  " + 32 * "a"], ["    RAND  " + 31 * "b"]))
        self.assertIsNotNone(difference(["    SQN  000000000020"], ["    SQN  000000000040"]))


if __name__ == "__main__":
    unittest.main()
