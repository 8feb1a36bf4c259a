"""A capture file as Wireshark's dissectors read it, with the checks of tshark that are off by default."""
# SPDX-License-Identifier: MIT

import shutil
import subprocess
import xml.etree.ElementTree

# Without these two, a wrong checksum is no remark: most captures have them wrong, made by the network card later.
CHECKED = ("-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE")
# A phone has whatever port was free, and some of those are the dissectors' of something else; what is no SIP stays none.
DATAGRAMS_ARE_SIP = ("-d", "udp.port==1-65535,sip")
WARNINGS = "_ws.expert.severity == warning"
# What no capture of ours may have.
FAULTS = "_ws.malformed || _ws.expert.severity == error || tcp.analysis.flags"
# The parts of a message but for its last, which is shown as all of it.
PARTS = "tcp.reassembled_in"
# What somebody sent that was taken for something else, or left undissected.
NO_DIAMETER = f"tcp.len > 0 && !diameter && !{PARTS}"
NO_SIP = "udp && !sip"
TIMEOUT = 90


def _tshark(path, *arguments):
    found = shutil.which("tshark")
    if not found:
        raise RuntimeError("tshark is not installed: apt-get install tshark")
    # No names from the network, and none of a user's own preferences; twice (-2), as what a part of a message belongs to
    # is only known when the rest of it has been seen.
    done = subprocess.run([found, "-n", "-2", "-C", "Default", "-r", str(path), *CHECKED, *DATAGRAMS_ARE_SIP, *arguments],
                          capture_output=True, text=True, timeout=TIMEOUT)
    if done.returncode != 0:
        raise AssertionError(f"tshark ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout.splitlines()


def frames(path, display_filter):
    """A line for each frame that the filter takes."""
    return _tshark(path, "-Y", display_filter)


def fields(path, display_filter, *names):
    """For each frame that the filter takes, the values of each of these fields: lists, as there may be several."""
    options = [option for name in names for option in ("-e", name)]
    lines = _tshark(path, "-Y", display_filter, "-T", "fields", "-E", "separator=/t", "-E", "occurrence=a",
                    "-E", "aggregator=|", *options)
    return [[value.split("|") if value else [] for value in line.split("\t")] for line in lines]


def messages(path, protocol):
    """Each message of a protocol, also when a packet has several: all its fields, {name: [value, ...]}."""
    tree = xml.etree.ElementTree.fromstringlist(_tshark(path, "-Y", protocol, "-T", "pdml"))
    found = []
    for element in tree.iter("proto"):
        if element.get("name") == protocol:
            values = {}
            for each in element.iter("field"):
                values.setdefault(each.get("name"), []).append(each.get("show"))
            found.append(values)
    return found
