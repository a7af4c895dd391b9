"""Several hosts on one: network namespaces with names of their own, joined by a switch that has the
rate and the delay of a network (wire.c). Runs a command in one process on each, by mpirun.

    python3 Tools/cluster/namespaces.py --hosts 4 --rate 1000 --delay 0.5 -- \\
      .build/release/marbles bench scaling --model tabby --threads 1

Needs root. Nothing of it is left afterwards, and nothing outside is reached.
"""

import argparse
import os
import shlex
import signal
import socket
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
# What ssh would do: the first word is a host, the rest a command for its shell.
AGENT = """#!/bin/sh
while [ "${1#-}" != "$1" ]; do shift; done
host=$1
shift
exec ip netns exec "$host" unshare --uts sh -c 'hostname "$0"; eval "$1"' "$host" "$*"
"""


class Hosts:
    """Namespaces that are there until the program ends: everything is in a namespace of mounts and
    processes of its own."""

    def __init__(self, count: int, rate: float, delay: float, folder: str):
        self.names = [f"host{number + 1}" for number in range(count)]
        self.agent = f"{folder}/agent"
        with open(self.agent, "w") as file:
            file.write(AGENT)
        os.chmod(self.agent, 0o755)
        run("mount", "--make-rprivate", "/")
        os.makedirs("/run/netns", exist_ok=True)
        run("mount", "-t", "tmpfs", "none", "/run/netns")
        with open(f"{folder}/hosts", "w") as file:
            file.write(f"127.0.0.1 localhost {socket.gethostname()}\n")
            for number, name in enumerate(self.names):
                file.write(f"10.77.0.{number + 1} {name}\n")
        run("mount", "--bind", f"{folder}/hosts", "/etc/hosts")
        for name in self.names:
            run("ip", "netns", "add", name)
        run("cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", f"{folder}/wire", f"{HERE}/wire.c")
        self.wire = subprocess.Popen(
            [f"{folder}/wire", str(rate), str(delay * 1000), *self.names], stdout=subprocess.PIPE,
            text=True)
        if self.wire.stdout.readline() != "ready\n":
            sys.exit("the switch between the namespaces has not started")
        for number, name in enumerate(self.names, start=1):
            run("ip", "-n", name, "link", "set", "eth0", "address", f"02:00:00:00:00:{number:02x}")
            run("ip", "-n", name, "address", "add", f"10.77.0.{number}/24", "dev", "eth0")
            run("ip", "-n", name, "link", "set", "eth0", "up")
            run("ip", "-n", name, "link", "set", "lo", "up")

    def words(self, launcher: str, ranks: int, folder: str, command: list[str]) -> list[str]:
        """A command in processes that mpirun on the first host starts, one on each."""
        names = ",".join(self.names[:ranks])
        mpirun = {
            "openmpi": [
                "/usr/bin/mpirun.openmpi", "--allow-run-as-root", "--host", names,
                "--map-by", "node", "--bind-to", "none", "--mca", "plm_rsh_agent", self.agent,
                "--mca", "btl", "tcp,self", "--mca", "btl_tcp_if_include", "eth0",
                "--mca", "oob_tcp_if_include", "eth0"],
            "mpich": [
                "/usr/bin/mpirun.mpich", "-launcher", "ssh", "-launcher-exec", self.agent,
                "-hosts", names, "-iface", "eth0",
                # Otherwise the processes share memory.
                "-genv", "UCX_TLS", "tcp,self", "-genv", "UCX_NET_DEVICES", "eth0"]}[launcher]
        words = [*mpirun, "-np", str(ranks), "-wdir", folder, *command]
        return [self.agent, self.names[0], *map(shlex.quote, words)]

    def cut(self, host: int) -> None:
        """Takes the network of a host."""
        run("ip", "-n", self.names[host], "link", "set", "eth0", "down")

    def join(self, host: int) -> None:
        """Gives it back."""
        run("ip", "-n", self.names[host], "link", "set", "eth0", "up")

    def end(self) -> None:
        self.wire.kill()
        self.wire.wait()


def run(*words: str) -> None:
    subprocess.run(words, check=True)


def enter_namespaces() -> bool:
    """Begins the program anew where it can change mounts and networks unseen, once.

    Gives false where that is not allowed.
    """
    if os.environ.get("MARBLES_NAMESPACES"):
        run("ip", "link", "set", "lo", "up")
        return True
    words = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
    try:
        subprocess.run([*words, "ip", "link"], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return False
    os.environ["MARBLES_NAMESPACES"] = "1"
    os.execvp(words[0], [*words, sys.executable, *sys.argv])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hosts", type=int, default=4)
    parser.add_argument("--rate", type=float, default=1000, help="Mbit/s of every link")
    parser.add_argument("--delay", type=float, default=0.5, help="milliseconds from host to host")
    parser.add_argument("--mpi", choices=["openmpi", "mpich"], default="openmpi")
    parser.add_argument("command", nargs="+")
    choice = parser.parse_args()
    if not enter_namespaces():
        sys.exit("namespaces of networks are not allowed here; they need root")
    with tempfile.TemporaryDirectory() as folder:
        hosts = Hosts(choice.hosts, choice.rate, choice.delay, folder)
        try:
            return subprocess.run(
                hosts.words(choice.mpi, choice.hosts, os.getcwd(), choice.command)).returncode
        finally:
            hosts.end()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
