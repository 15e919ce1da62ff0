"""How many cores the model may use."""

import os
from contextlib import suppress
from pathlib import Path


def usable_cores() -> int:
    """Physical cores this process may use, by its affinity and its cgroup's quota."""
    try:
        allowed = os.sched_getaffinity(0)
    except AttributeError:  # macOS, Windows
        return os.cpu_count() or 1
    cores = {_siblings(cpu) for cpu in allowed}
    return max(1, min(len(cores), _cgroup_cores()))


def _siblings(cpu: int) -> str:
    """The hardware threads of one core, as the kernel lists them."""
    topology = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology")
    try:
        return (topology / "thread_siblings_list").read_text().strip()
    except OSError:
        return str(cpu)


def _cgroup_cores(root: Path = Path("/sys/fs/cgroup")) -> int:
    """Whole cores the control group's quota allows (versions 2 and 1)."""
    for names in (("cpu.max",), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us")):
        with suppress(OSError, ValueError):
            quota, period = " ".join((root / n).read_text() for n in names).split()
            if int(quota) > 0:
                return max(1, int(quota) // int(period))
    return os.cpu_count() or 1
