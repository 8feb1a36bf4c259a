# What the figures of a benchmark were measured on.
# SPDX-License-Identifier: MIT
import mmap
import multiprocessing
import os
import pathlib
import platform
import random
import subprocess
import time

PACKAGES = ("freediameterd", "libfreediameter-dev", "libsqlite3-0", "libssl3", "g++", "libbenchmark-dev")
READERS = 24  # as many as threads that read ahead (db/read_ahead.h)
IN_MEMORY = ("tmpfs", "ramfs", "devtmpfs")


def filesystem_of(directory):
    """(type, device) of the file system that holds a directory."""
    path = os.path.realpath(directory)
    found = ("", "", "")
    for line in pathlib.Path("/proc/self/mounts").read_text().splitlines():
        device, mount, kind = line.split()[:3]
        mount = mount.replace("\\040", " ")
        inside = path == mount or path.startswith(mount.rstrip("/") + "/")
        if inside and len(mount) >= len(found[0]):
            found = (mount, kind, device)
    return found[1], found[2]


def refuse_memory(directory):
    """An fsync in memory costs nothing: what is measured there is no durable store."""
    kind, _ = filesystem_of(directory)
    if kind in IN_MEMORY:
        raise SystemExit(f"bench: {directory} is in memory ({kind}): a durable store is measured on a disk")


class SmallWrite:
    """A file of 4 KiB; a call writes it over and returns the seconds until that is durable."""

    def __init__(self, directory):
        self._file = pathlib.Path(directory) / "small-write"

    def __enter__(self):
        self._handle = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        os.pwrite(self._handle, bytes(4096), 0)
        os.fsync(self._handle)
        return self

    def __call__(self):
        begun = time.monotonic()
        os.pwrite(self._handle, os.urandom(4096), 0)
        os.fdatasync(self._handle)
        return time.monotonic() - begun

    def __exit__(self, *_):
        os.close(self._handle)
        self._file.unlink()


def fdatasync_rate(directory, seconds=1.0):
    """How often 4 KiB can be written over and made durable in a second."""
    with SmallWrite(directory) as write:
        count = 0
        begun = time.monotonic()
        while time.monotonic() - begun < seconds:
            write()
            count += 1
        return count / (time.monotonic() - begun)


def _read_pages(handle, until, count):
    pages = os.fstat(handle).st_size // 4096
    page = mmap.mmap(-1, 4096)  # aligned, as O_DIRECT wants it
    while time.monotonic() < until:
        os.preadv(handle, [page], random.randrange(pages) * 4096)
        count.value += 1


def random_read_rate(file, seconds=2.0):
    """How many pages of 4 KiB of a file the disk gives to READERS in a second; None where the file system reads nothing
    past the kernel's memory."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_DIRECT)
    except OSError:
        return None
    fork = multiprocessing.get_context("fork")
    begun = time.monotonic()
    counts = [fork.Value("q", 0, lock=False) for _ in range(READERS)]
    processes = [fork.Process(target=_read_pages, args=(handle, begun + seconds, count)) for count in counts]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    os.close(handle)
    if any(process.exitcode != 0 for process in processes):
        return None
    return sum(count.value for count in counts) / (time.monotonic() - begun)


def cpu_model():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def package_versions():
    done = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${Version}\n", *PACKAGES], capture_output=True, text=True
    )
    return [line for line in done.stdout.splitlines() if line.strip()]


def describe(directory):
    """Lines for the document."""
    kind, device = filesystem_of(directory)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return [
        f"{cpu_model()}, {os.cpu_count()} cores for client and server together, {memory:.0f} GiB of memory",
        f"Linux {platform.release()}, {kind} on {device}, {fdatasync_rate(directory):,.0f} fdatasync of 4 KiB a second",
        f"load average at the start {os.getloadavg()[0]:.1f}",
        ", ".join(package_versions()),
        time.strftime("%Y-%m-%d"),
    ]
