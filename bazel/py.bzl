"""Python tests, run by Debian's python3 (the one that has numpy; another may stand first on a user's PATH).

Bazel's own py_test starts whatever `python` is on PATH, and Debian has no such name.
"""

def py3_test(name, main, args = [], data = [], imports = [], env = {}, **kwargs):
    """Runs a plain script; exit code 0 is success.

    Args:
      name: the test.
      main: label of the script.
      args: its arguments.
      data: files it reads or imports.
      imports: folders for PYTHONPATH, relative to the repository root.
      env: further environment.
      **kwargs: passed to the sh_test (size, tags ...).
    """
    _python_test(name, ["$(rootpath %s)" % main] + args, [main] + data, imports, env, kwargs)

def pytest_test(name, srcs, args = [], data = [], imports = [], env = {}, **kwargs):
    """Runs test files with pytest; every test function counts as a case of its own.

    Args:
      name: the test.
      srcs: files with test functions; a conftest.py belongs into data.
      args: further arguments of pytest.
      data: files they read or import.
      imports: folders for PYTHONPATH, relative to the repository root.
      env: further environment.
      **kwargs: passed to the sh_test (size, tags ...).
    """
    files = ["$(rootpath %s)" % source for source in srcs]
    _python_test(name, ["--pytest"] + files + args, srcs + data, imports, env, kwargs)

def _python_test(name, args, data, imports, env, kwargs):
    native.sh_test(
        name = name,
        srcs = ["//bazel:python3.sh"],
        args = args,
        data = data,
        env = dict(env, PYTHONPATH = ":".join(imports)),
        **kwargs
    )
