"""Harms one of several processes that train together, at random moments, under every MPI that is
installed: kills it, stops it, fills its disk, takes its network, gives it other images, options,
another version or another program.

After each fault all processes must end within LIMIT seconds, with a code that is not 0 and a line
that names a rank or a host; no process may be left, and the run must go on from its last state to
the bytes of a run that nothing happened to, with another number of processes.

    python3 Tools/faults.py .build/release/marbles [--count 40] [--seed 1]
"""

import argparse
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "cluster"))
from namespaces import Hosts, enter_namespaces  # noqa: E402

LIMIT = 30.0
LAUNCHERS = {
    "openmpi": ["/usr/bin/mpirun.openmpi", "--allow-run-as-root", "--oversubscribe"],
    "mpich": ["/usr/bin/mpirun.mpich"]}
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CHOICES = [
    "train", "images", "--image-size", "16", "--batch-size", "8", "--epochs", "40",
    "--architecture", "conv 8 3x3, batchnorm, relu, conv 16 3x3, relu, global-pool, flatten, dense",
    "--save-every", "0", "--threads", "1", "--name", "run", "--quiet"]
RESULTS = ["checkpoints/best.safetensors", "checkpoints/last.safetensors", "steps.csv"]
NO_SPACE = 28
# In the environment of all that has come of a training.
MARK = "MARBLES_FAULT"


class Training:
    """A training in several processes, in a folder of its own."""

    def __init__(self, program: str, launcher: str, ranks: int, folder: str, places: list[str],
                 prefixes: dict[int, list[str]], options: dict[int, list[str]],
                 hosts: Hosts | None = None):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        if hosts:
            words = hosts.words(launcher, ranks, places[0], [
                program, *CHOICES, "--out", f"{folder}/runs"])
        else:
            words = list(LAUNCHERS[launcher])
            for rank in range(ranks):
                words += [":"] * (rank > 0) + ["-np", "1", "-wdir", places[rank]]
                words += prefixes.get(rank, [program]) + CHOICES + ["--out", f"{folder}/runs"]
                words += options.get(rank, [])
        self.output = open(f"{folder}/output", "w+")
        self.process = subprocess.Popen(
            words, stdout=self.output, stderr=self.output, stdin=subprocess.DEVNULL,
            start_new_session=True, env={**os.environ, MARK: folder})

    def ranks(self) -> dict[int, int]:
        """The processes of this training by their rank."""
        found = {}
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{name}/cmdline", "rb") as line:
                    if f"{self.folder}/runs".encode() not in line.read():
                        continue
                with open(f"/proc/{name}/environ", "rb") as environment:
                    text = environment.read().decode(errors="replace")
            except OSError:
                continue
            rank = re.search(r"(?:OMPI_COMM_WORLD_RANK|PMI_RANK)=(\d+)", text)
            if rank:
                found[int(rank[1])] = int(name)
        return found

    def processes(self) -> list[int]:
        """All that has come of this training and goes on, also the programs of MPI."""
        found = []
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{name}/environ", "rb") as environment:
                    if f"{MARK}={self.folder}\0".encode() in environment.read():
                        found.append(int(name))
            except OSError:
                continue
        return found

    def end(self) -> tuple[int | None, float]:
        """The exit code, and after how many seconds; None if it does not end."""
        self.fault = time.monotonic()
        try:
            code = self.process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            code = None
        return code, time.monotonic() - self.fault

    def close(self) -> tuple[str, int]:
        """What was said, and how many processes are left, which are ended."""
        deadline = max(self.fault + LIMIT, time.monotonic() + 2)
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.05)
        left = self.processes()
        for process in [*left, self.process.pid]:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()
        self.output.seek(0)
        text = self.output.read()
        self.output.close()
        return text, len(left)


class Rehearsal:
    """What all faults of one attack share."""

    def __init__(self, program: str, folder: str, hosts: Hosts | None):
        self.program, self.folder, self.hosts = program, folder, hosts
        self.places = [f"{folder}/as-it-is", f"{folder}/other"]
        for place in self.places:
            shutil.copytree(f"{ROOT}/data/sketches", f"{place}/images")
        cats = f"{self.places[1]}/images/cat"
        os.remove(f"{cats}/{sorted(os.listdir(cats))[0]}")
        self.version = f"{folder}/marbles-of-another-version"
        with open(program, "rb") as file:
            data = file.read()
        said = subprocess.check_output([program, "--version"], text=True).strip().encode()
        with open(self.version, "wb") as file:
            file.write(data.replace(said, said[:-1] + bytes([said[-1] ^ 1])))
        os.chmod(self.version, 0o755)
        self.faults = f"{folder}/faults.so"
        subprocess.check_call(
            ["cc", "-shared", "-fPIC", "-O1", "-o", self.faults, f"{ROOT}/Tools/chaos/faults.c",
             "-ldl"])
        start = time.monotonic()
        subprocess.check_call(
            [program, *CHOICES, "--out", f"{folder}/undisturbed"], cwd=self.places[0],
            stdout=subprocess.DEVNULL)
        self.seconds = time.monotonic() - start
        self.expected = self.results(f"{folder}/undisturbed/run")

    @staticmethod
    def results(run: str) -> dict[str, bytes]:
        found = {}
        for name in RESULTS:
            with open(f"{run}/{name}", "rb") as file:
                found[name] = file.read()
        return found

    def goes_on(self, folder: str, draw: random.Random, launcher: str) -> str:
        """Whether the run can be resumed to the expected bytes."""
        run = f"{folder}/runs/run"
        if not os.path.exists(f"{run}/run.json"):
            return "not begun"
        ranks = draw.randint(1, 3)
        words = [*LAUNCHERS[launcher], "-np", str(ranks)] if ranks > 1 else []
        outcome = subprocess.run(
            [*words, self.program, "train", "--resume", run, "--threads", "1", "--quiet"],
            cwd=self.places[0], capture_output=True, text=True, timeout=120)
        if outcome.returncode:
            finished = "finished" in outcome.stderr
            return "was finished" if finished else f"NOT RESUMED: {outcome.stderr.strip()[-200:]}"
        same = self.results(run) == self.expected
        return f"same bytes, {ranks} ranks" if same else "OTHER BYTES"

    def attack(self, number: int, kind: str, launcher: str, draw: random.Random,
               latest: float = 0) -> list[str]:
        """One fault; what is wrong, and a line that tells of it.

        One that finds a training which has ended comes again, to another one and earlier.
        """
        folder = f"{self.folder}/{number}"
        ranks = draw.randint(2, 3)
        victim = draw.randrange(1, ranks) if kind in LASTING else 0 if kind == "disk" \
            else draw.randrange(ranks)
        places, prefixes, options = [self.places[0]] * ranks, {}, {}
        if kind == "images":
            places[victim] = self.places[1]
        elif kind == "option":
            options[victim] = ["--seed", "2"]
        elif kind == "version":
            prefixes[victim] = [self.version]
        elif kind == "program":
            prefixes[victim] = ["/bin/sh", "-c", "sleep 300"]
        elif kind == "disk":
            prefixes[0] = ["/usr/bin/env", f"LD_PRELOAD={self.faults}", f"CHAOS_ROOT={folder}/runs",
                           "CHAOS_ACT=always", f"CHAOS_AT={draw.randint(1, 400)}",
                           f"CHAOS_NUMBER={NO_SPACE}", self.program]
        hosts = self.hosts if kind == "network" else None
        training = Training(
            self.program, launcher, ranks, folder, places, prefixes, options, hosts)
        moment = 0.0
        if kind in MOMENTARY:
            deadline = time.monotonic() + 20
            while victim not in (found := training.ranks()) and time.monotonic() < deadline:
                time.sleep(0.005)
            moment = draw.uniform(0, latest or self.seconds * ranks)
            time.sleep(moment)
            found = training.ranks() or found
            try:
                if hosts:
                    hosts.cut(victim)
                else:
                    os.kill(found[victim], signal.SIGKILL if kind == "kill" else signal.SIGSTOP)
            except (KeyError, ProcessLookupError):
                pass
        code, seconds = training.end()
        text, left = training.close()
        if hosts:
            hosts.join(victim)
        problems = [] if code is not None else [f"not ended after {LIMIT:.0f} s"]
        said = [line for line in text.splitlines() if line.startswith("error: ")]
        host = "host" if hosts else re.escape(socket.gethostname())
        names = re.search(rf"rank:? \d+.* on (?:node )?{host}|RUNNING AT {host}", text)
        if code == 0:
            after = "ended before"
            if kind in LASTING:
                problems.append("trained as if nothing were wrong")
        else:
            if kind in MOMENTARY and not names:
                problems.append("no line names rank and host")
            if len(said) != (0 if kind == "kill" else 1):
                problems.append(f"{len(said)} lines of error")
            after = self.goes_on(folder, draw, launcher)
            if after.startswith(("NOT", "OTHER")):
                problems.append(after)
        if left:
            problems.append(f"{left} processes are left")
        line = said[0][7:] if said else (names[0].strip() if names else "")
        print(f"{number:3d} {kind:8s} {launcher:8s} rank {victim} of {ranks} after "
              f"{moment:5.2f} s: code {code}, {seconds:4.1f} s, {after}; {line[:90]}", flush=True)
        if problems:
            print("\n".join("    " + line for line in text.splitlines()[-12:]))
        shutil.rmtree(folder, ignore_errors=True)
        if code == 0 and moment > 0.05:
            return self.attack(number, kind, launcher, draw, latest=moment)
        return [f"{number} {kind} {launcher}: {problem}" for problem in problems]


# Those that come at a random moment.
MOMENTARY = ["kill", "stop", "network"]
# Those that are there from the beginning.
LASTING = ["images", "option", "version", "program"]
KINDS = ["kill", "stop", "disk", "images", "network", "kill", "option", "program", "version",
         "kill"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default=",".join(KINDS), help="kill, stop, … in this order")
    choice = parser.parse_args()
    launchers = [name for name, words in LAUNCHERS.items() if os.access(words[0], os.X_OK)]
    if not launchers:
        sys.exit("no MPI is installed: 'make setup-mpi'")
    kinds = choice.kinds.split(",")
    if not enter_namespaces():
        print("no namespaces can be made here, so no network is taken away")
        kinds = [kind for kind in kinds if kind != "network"]
    draw = random.Random(choice.seed)
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        hosts = Hosts(3, 1000, 0.1, folder) if "network" in kinds else None
        rehearsal = Rehearsal(os.path.abspath(choice.program), os.path.realpath(folder), hosts)
        for number in range(choice.count):
            problems += rehearsal.attack(
                number + 1, kinds[number % len(kinds)],
                launchers[sum(divmod(number, len(kinds))) % len(launchers)], draw)
        if hosts:
            hosts.end()
    for problem in problems:
        print(f"PROBLEM {problem}")
    print(f"{choice.count} faults, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
