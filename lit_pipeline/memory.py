"""How much memory this process took."""

import resource
from pathlib import Path

KIB_A_MIB = 1024.0


def peak_mib() -> float:
    """Peak resident memory of this process so far, in MiB.

    Linux counts the peak of the process that started this one in `ru_maxrss`, so its own status is read where there is
    one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return float(lines["VmHWM"].split()[0]) / KIB_A_MIB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_A_MIB
