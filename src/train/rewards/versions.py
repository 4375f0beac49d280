"""Says with which versions a run trains, for its record: one line before the trainer begins. Nothing of it matters to the run.

    python3 versions.py [COMMAND]

COMMAND is the trainer's, such as trl: what counts is the Python that its first lines name, which need not be the one
that runs this. Versions are those of the installed packages, by their metadata. Nothing is imported, so it takes no
time to speak of. Of a package that was installed from a repository the commit stands behind its version.
"""

import json
import os
import platform
import re
import shutil
import signal
import sys
from importlib import metadata

PREFIX = "cot-lens versions "
PACKAGES = ("trl", "verl", "transformers", "torch", "peft", "accelerate", "datasets", "tokenizers", "numpy", "vllm", "deepspeed", "bitsandbytes", "flash-attn", "liger-kernel", "ray")
# Seconds; after them this gives up, and the trainer begins.
PATIENCE = 30


def python_of(script):
    """The Python that a script names in its first lines; None where it names none."""
    with open(script, "rb") as file:
        first, second = (file.readline(1000).decode("utf-8", "surrogateescape").strip() for _ in range(2))
    words = first[2:].split() if first.startswith("#!") else []
    name = os.path.basename(words[0]) if words else ""
    if name == "env":
        named = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
        return shutil.which(named[0]) if named and "python" in named[0] else None
    if name == "sh":
        # As pip writes it where the path is long or has a space in it.
        found = re.match(r"'''exec' (?:\"([^\"$]+)\"|'([^']+)'|([^\s\"'$]+)) \"\$0\"", second)
        return next(path for path in found.groups() if path) if found else None
    return words[0] if "python" in name else None


def beside(script):
    """The Python in a script's own folder, as it stands on the PATH; None where there is none."""
    return next((path for path in (os.path.join(os.path.dirname(script), name) for name in ("python3", "python")) if os.access(path, os.X_OK)), None)


def is_this(python):
    """Is it of this Python's own environment? A link to the same program from elsewhere is of another one."""
    folder, own = (os.path.realpath(os.path.dirname(path)) for path in (python, sys.executable))
    return folder == own


def version_of(package):
    """`1.2.3`, or `1.2.3 @0123456789ab` with the commit it was installed from; None where it is not installed."""
    try:
        found = metadata.distribution(package)
        version = found.metadata.get("Version")
    except (ImportError, OSError, ValueError):
        # Not there, or installed by halves.
        return None
    if not isinstance(version, str):
        return None
    try:
        commit = json.loads(found.read_text("direct_url.json") or "{}")["vcs_info"]["commit_id"]
    except (OSError, ValueError, KeyError, TypeError):
        return version
    return "%s @%s" % (version, commit[:12]) if isinstance(commit, str) and re.fullmatch("[0-9a-f]{12,64}", commit) else version


def versions():
    all_of_them = {package: version_of(package) for package in PACKAGES}
    return {"python": platform.python_version(), **{package: version for package, version in all_of_them.items() if version is not None}}


def main(arguments):
    """Returns the exit status: 0 where something was said. Which Python is the trainer's is looked for once."""
    command, is_found = (arguments + [None, None])[:2]
    script = shutil.which(command) if command is not None and is_found is None else None
    if script is not None:
        python = python_of(script) or beside(script)
        if python is not None and not is_this(python):
            os.execv(python, [python, __file__, command, "found"])
    found = versions()
    if command is not None and command not in found:
        # Whatever this Python is, it is not the trainer's.
        return 1
    sys.stdout.write(PREFIX + json.dumps(found) + "\n")
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    if hasattr(signal, "alarm"):
        signal.alarm(PATIENCE)
    sys.exit(main(sys.argv[1:]))
