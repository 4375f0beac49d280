"""Tests of the line that says which versions train, in plain Python: run by rewards.test.ts. Environments are real, packages are metadata alone."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import venv
from unittest import mock

FOLDER = os.path.dirname(os.environ["SAFETY_REWARDS"])
sys.path.insert(0, FOLDER)
sys.dont_write_bytecode = True

import versions  # noqa: E402

FILE = os.path.join(FOLDER, "versions.py")


def install(folder, name, version, direct_url=None):
    """What an installer leaves behind of a package, without the package: importing it would fail."""
    at = os.path.join(folder, "%s-%s.dist-info" % (name.replace("-", "_"), version or "0"))
    os.makedirs(at)
    with open(os.path.join(at, "METADATA"), "w", encoding="utf-8") as file:
        file.write("Metadata-Version: 2.1\nName: %s\n%s" % (name, "" if version is None else "Version: %s\n" % version))
    if direct_url is not None:
        with open(os.path.join(at, "direct_url.json"), "w", encoding="utf-8") as file:
            file.write(direct_url if isinstance(direct_url, str) else json.dumps(direct_url))


def write(path, text, mode=0o755):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)
    return path


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def at(self, *names):
        path = os.path.join(self.folder, *names)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def run_it(self, *arguments, path="", python=sys.executable):
        done = subprocess.run([python, "-B", FILE, *arguments], capture_output=True, text=True, check=False, env={"PATH": path, "PYTHONPATH": self.folder})
        return done.returncode, done.stdout


class OnePackage(Folder):
    def version(self, name, version="1.2.3", direct_url=None):
        install(self.folder, name, version, direct_url)
        with mock.patch.object(sys, "path", [self.folder]):
            return versions.version_of(name)

    def test_has_the_version_of_its_metadata_and_is_not_imported(self):
        self.assertEqual(self.version("flash-attn", "2.8.0+cu128"), "2.8.0+cu128")
        self.assertNotIn("flash_attn", sys.modules)

    def test_from_a_repository_has_its_commit_and_nothing_else_of_where_it_came_from(self):
        commit = "1dda039abcdef0123456789abcdef0123456789a"
        self.assertEqual(self.version("verl", "0.7.0.dev0", {"url": "https://someone:secret@host/verl", "vcs_info": {"vcs": "git", "commit_id": commit}}), "0.7.0.dev0 @1dda039abcde")
        self.assertEqual(self.version("trl", "1.0", {"url": "file:///home/someone/trl", "dir_info": {"editable": True}}), "1.0")
        for i, odd in enumerate(("{", "[]", {"vcs_info": {"commit_id": "v1 or so"}}, {"vcs_info": {"commit_id": 7}}, {"vcs_info": None})):
            self.assertEqual(self.version("odd%d" % i, "1.0", odd), "1.0")

    def test_that_is_not_there_or_installed_by_halves_has_none(self):
        self.assertIsNone(versions.version_of("no-such-package-of-ours"))
        self.assertIsNone(self.version("peft", None))


class TheTrainersPython(Folder):
    def named(self, text):
        return versions.python_of(write(self.at("trl"), text))

    def test_is_the_one_that_the_first_lines_name(self):
        self.assertEqual(self.named("#!/opt/venv/bin/python3\n# -*- coding: utf-8 -*-\n"), "/opt/venv/bin/python3")
        self.assertEqual(self.named("#! /usr/bin/python3.11 -sE\n"), "/usr/bin/python3.11")
        self.assertEqual(self.named("#!/bin/sh\n'''exec' /a/very/long/path/bin/python3 \"$0\" \"$@\"\n' '''\n"), "/a/very/long/path/bin/python3")
        self.assertEqual(self.named("#!/bin/sh\n'''exec' \"/a path/bin/python3\" \"$0\" \"$@\"\n' '''\n"), "/a path/bin/python3")
        self.assertEqual(self.named("#!/bin/sh\n'''exec' '/a path/bin/python3' \"$0\" \"$@\"\n' '''\n"), "/a path/bin/python3")

    def test_is_looked_for_on_the_path_where_env_is_named(self):
        python = write(self.at("bin", "python3"), "")
        with mock.patch.dict(os.environ, {"PATH": os.path.dirname(python)}):
            self.assertEqual(self.named("#!/usr/bin/env python3\n"), python)
            self.assertEqual(self.named("#!/usr/bin/env -S A=b python3 -u\n"), python)
            self.assertIsNone(self.named("#!/usr/bin/env bash\n"))
            self.assertIsNone(self.named("#!/usr/bin/env python9\n"))

    def test_is_not_named_by_other_scripts(self):
        for text in ("", "\n", "#!\n", "#!/bin/sh\nexec trl\n", "#!/bin/sh\n'''exec' \"$(dirname -- \"$0\")\"/'python3' \"$0\" \"$@\"\n", "#!/usr/bin/perl\n", "\x7fELF"):
            self.assertIsNone(self.named(text), text)

    def test_is_else_the_one_in_its_folder(self):
        self.assertIsNone(versions.beside(self.at("bin", "trl")))
        python = write(self.at("bin", "python"), "")
        self.assertEqual(versions.beside(self.at("bin", "trl")), python)
        write(self.at("bin", "python3"), "", 0o644)
        self.assertEqual(versions.beside(self.at("bin", "trl")), python)

    def test_of_another_environment_is_another_though_it_is_a_link_to_the_same_program(self):
        os.symlink(os.path.realpath(sys.executable), self.at("venv", "bin", "python3"))
        self.assertFalse(versions.is_this(self.at("venv", "bin", "python3")))
        self.assertTrue(versions.is_this(os.path.join(os.path.dirname(sys.executable), "python-of-another-name")))


class TheLine(Folder):
    def environment(self, trl="9.9"):
        """A real environment with a command `trl` of its own. Returns its folder of commands."""
        at = self.at("venv", "bin")
        venv.create(os.path.dirname(at), with_pip=False, symlinks=True)
        if trl is not None:
            packages = subprocess.run([os.path.join(at, "python3"), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], capture_output=True, text=True, check=True, env={}).stdout.strip()
            install(packages, "trl", trl)
        write(os.path.join(at, "trl"), "#!%s\nraise SystemExit('the trainer must not be run')\n" % os.path.join(at, "python3"))
        return at

    def said(self, out):
        self.assertTrue(out.startswith("cot-lens versions {"), out)
        self.assertEqual(out.count("\n"), 1)
        return json.loads(out[len("cot-lens versions "):])

    def test_has_those_that_are_installed_and_the_python(self):
        install(self.folder, "trl", "1.13.0")
        install(self.folder, "not-asked-for", "1.0")
        status, out = self.run_it()
        said = self.said(out)
        self.assertEqual((status, said["trl"], said["python"]), (0, "1.13.0", sys.version.split()[0]))
        self.assertLessEqual(set(said), {"python", *versions.PACKAGES})
        self.assertNotIn("not-asked-for", said)

    def test_is_of_the_python_of_the_command_where_another_runs_this(self):
        status, out = self.run_it("trl", path=self.environment())
        self.assertEqual((status, self.said(out)["trl"]), (0, "9.9"))

    def test_is_of_it_by_a_link_to_the_command_from_elsewhere_too(self):
        os.symlink(os.path.join(self.environment(), "trl"), self.at("links", "trl"))
        status, out = self.run_it("trl", path=self.at("links", "."))
        self.assertEqual((status, self.said(out)["trl"]), (0, "9.9"))

    def test_is_not_said_of_a_python_that_is_not_the_trainers(self):
        self.assertEqual(self.run_it("trl", path=self.environment(trl=None)), (1, ""))
        write(self.at("bin", "trl"), "#!/no/such/python\n")
        self.assertEqual(self.run_it("trl", path=self.at("bin", ".")), (1, ""))

    def test_comes_though_a_package_is_installed_by_halves(self):
        install(self.folder, "peft", None)
        install(self.folder, "trl", "1.13.0", "{")
        self.assertEqual({name: version for name, version in self.said(self.run_it()[1]).items() if name in ("peft", "trl")}, {"trl": "1.13.0"})


if __name__ == "__main__":
    unittest.main()
