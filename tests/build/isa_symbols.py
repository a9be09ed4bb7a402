"""Fails if an archive of loops for one instruction set defines a weak symbol that does not name its set.

The linker keeps one copy of a weak symbol for the whole program. If the AVX-512 archive defined std::vector's
functions, that copy could be theirs, and the program would stop on an older machine; or loops would silently run
slower code.
"""

import re
import subprocess
import sys

# DW.ref.* are addresses for the unwinder: the same in all archives, and no code.
WEAK = re.compile(r"^[0-9a-f]+ [VWu] (?!DW\.ref\.)(?!.*\bisa::)(.+)$", re.MULTILINE)
# Instances of templates are weak, and name the set.
EXPORTED = re.compile(r"^[0-9a-f]+ [TDRWVu] .*(\bisa::|_scalar|_sse2|_avx2|_avx512)", re.MULTILINE)


def weak_symbols(archive):
    names = subprocess.run(["nm", "-C", archive], check=True, capture_output=True, text=True).stdout
    if not EXPORTED.search(names):
        return ["nothing that names the instruction set is exported"]
    return WEAK.findall(names)


def main(archives):
    found = [f"{archive}: {name}" for archive in archives for name in weak_symbols(archive)]
    print("\n".join(found))
    return 1 if found or not archives else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
