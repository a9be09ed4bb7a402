"""What this build can do, under the names that PyNEST scripts ask for."""

import platform
import shutil
from pathlib import Path
from typing import Any

from .rank_launch import mpi_library

_EXIT_CODES = {
    "success": 0,
    "skipped": 200,
    "skipped_no_mpi": 201,
    "skipped_have_mpi": 202,
    "skipped_no_threading": 203,
    "skipped_no_gsl": 204,
    "skipped_no_music": 205,
    "scripterror": 126,
    "abort": 134,
    "userabort": 15,
    "segfault": 139,
    "exception": 125,
    "fatal": 127,
    "unknownerror": 10,
}


def build_info(version: str) -> dict[str, Any]:
    """A new dictionary. `have_gsl`, `have_boost` and `have_hdf5` mean: what needs them in NEST is there, by other
    means."""
    prefix = Path(__file__).parent
    has_mpi = mpi_library() is not None
    return {
        "version": version,
        "exitcode": 0,
        "built": "",
        "datadir": str(prefix),
        "docdir": str(prefix / "doc"),
        "prefix": str(prefix),
        "host": platform.machine() + "-" + platform.system().lower(),
        "hostos": platform.system().lower(),
        "hostvendor": "",
        "hostcpu": platform.machine(),
        "have_threads": True,
        "threads_model": "standard",
        "have_mpi": has_mpi,
        **(_launcher() if has_mpi else {}),
        "have_gsl": True,
        "have_boost": True,
        "have_music": False,
        "have_libneurosim": False,
        "have_sionlib": False,
        "have_hdf5": True,
        "ndebug": False,
        "test_exitcodes": dict(_EXIT_CODES),
    }


def _launcher() -> dict[str, Any]:
    """How ranks are started."""
    return {
        "mpiexec": shutil.which("mpirun") or "",
        "mpiexec_numproc_flag": "-np",
        "mpiexec_max_numprocs": "4096",
        "mpiexec_preflags": "",
        "mpiexec_postflags": "",
    }
