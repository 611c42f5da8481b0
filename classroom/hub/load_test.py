"""How many students does a machine hold? Run by hand: `python classroom/hub/load_test.py --students 10 --memory-gb 16 --cores 4`.

Starts the class's hub on loopback with invented students in a temporary folder. Each logs in through the form, starts a
server, opens notebook 13 and runs every cell of it, all at the same time. Then one student tries to read another's work in
every way we know of. At the end, or after Ctrl-C, nothing is left running and nothing is left on disk.
"""
import argparse
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import psutil
import requests
import websocket

HERE = Path(__file__).resolve().parent
NOTEBOOK = "notebooks/13_training.ipynb"
SYSTEM_GB = 1.0   # what we leave to Linux itself


class Student:
    """One student: a browser's cookies, then a token of one's own."""

    def __init__(self, hub, name, password):
        self.hub, self.name, self.password = hub, name, password
        self.browser = requests.Session()
        self.server = f"{hub}/user/{name}"
        self.times = {}

    def log_in(self):
        """Log in through the form, as a browser does, and ask the hub's API for a token."""
        start = time.perf_counter()
        self.browser.get(f"{self.hub}/hub/login", timeout=60).raise_for_status()
        form = {"username": self.name, "password": self.password, "_xsrf": self.browser.cookies["_xsrf"]}
        self.browser.post(f"{self.hub}/hub/login", data=form, allow_redirects=False, timeout=60).raise_for_status()
        answer = self.browser.post(f"{self.hub}/hub/api/users/{self.name}/tokens", json={"note": "load test"},
                                   headers={"X-XSRFToken": self.browser.cookies.get("_xsrf", path="/hub/")}, timeout=60)
        answer.raise_for_status()
        self.headers = {"Authorization": f"token {answer.json()['token']}"}
        self.times["log in"] = time.perf_counter() - start

    def start_server(self):
        """Ask for a server and wait until it answers."""
        start = time.perf_counter()
        self.api("POST", f"{self.hub}/hub/api/users/{self.name}/server").raise_for_status()
        while not self.api("GET", f"{self.hub}/hub/api/users/{self.name}").json().get("servers", {}).get("", {}).get("ready"):
            if time.perf_counter() - start > 300:
                raise TimeoutError(f"the server of {self.name} is not ready after 300 seconds")
            time.sleep(0.5)
        self.times["server ready"] = time.perf_counter() - start

    def run_notebook(self):
        """Open notebook 13's kernel and run every code cell."""
        start = time.perf_counter()
        cells = self.api("GET", f"{self.server}/api/contents/{NOTEBOOK}").json()["content"]["cells"]
        self.open_kernel(NOTEBOOK)
        self.times["kernel ready"] = time.perf_counter() - start
        start = time.perf_counter()
        for cell in cells:
            if cell["cell_type"] == "code":
                self.run(cell["source"])
        self.times["notebook run"] = time.perf_counter() - start
        self.kernel = psutil.Process(int(self.run("import os as _os; _os.getpid()")))

    def open_kernel(self, path):
        wanted = {"path": path, "type": "notebook", "name": "", "kernel": {"name": "python3"}}
        answer = self.api("POST", f"{self.server}/api/sessions", json=wanted)
        answer.raise_for_status()
        kernel = answer.json()["kernel"]["id"]
        address = f"{self.server}/api/kernels/{kernel}/channels".replace("http", "ws", 1)
        self.channels = websocket.create_connection(address, header=self.headers, timeout=900)
        self.run("None")

    def run(self, source):
        """Run source in the kernel; return its value as text. Raise RuntimeError where a cell fails."""
        wanted = secrets.token_hex(8)
        header = {"msg_id": wanted, "username": self.name, "session": self.name, "msg_type": "execute_request", "version": "5.3"}
        self.channels.send(json.dumps({"header": header, "parent_header": {}, "metadata": {}, "channel": "shell", "buffers": [],
                                       "content": {"code": source, "silent": False, "allow_stdin": False}}))
        value, replied, idle = "", False, False
        while not (replied and idle):
            message = json.loads(self.channels.recv())
            if message["parent_header"].get("msg_id") != wanted:
                continue
            content = message["content"]
            if message["msg_type"] == "execute_result":
                value = content["data"]["text/plain"]
            idle = idle or (message["msg_type"] == "status" and content["execution_state"] == "idle")
            replied = replied or message["msg_type"] == "execute_reply"
            if message["msg_type"] == "execute_reply" and content["status"] != "ok":
                raise RuntimeError(f"{self.name}: {content.get('ename')}: {content.get('evalue')}")
        return value

    def api(self, method, address, **more):
        return requests.request(method, address, headers=self.headers, timeout=300, **more)

    def memory(self):
        """Return MB of server and kernel, and what the kernel had more at its peak; of a page that n processes share, 1/n."""
        server = self.kernel.parent()
        peak = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{self.kernel.pid}/status").read_text())
        above = max(0, int(peak[1]) * 1024 - self.kernel.memory_info().rss)
        return [bytes / 1e6 for bytes in (server.memory_full_info().pss, self.kernel.memory_full_info().pss, above)]

    def cpu_seconds(self):
        return [sum(process.cpu_times()[:2]) for process in (self.kernel.parent(), self.kernel)]


def free_ports(count):
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def start_hub(folder, names, password, ports):
    """Start the class's hub with these students; return its process."""
    homes = folder / "homes"
    homes.mkdir(mode=0o755)
    folder.chmod(0o755)   # students pass through; homes and state are closed
    (folder / "state").mkdir(mode=0o700)
    (folder / "state/list.txt").write_text("\n".join(names))
    for number, name in enumerate(names):
        (homes / name).mkdir(mode=0o700)
        if os.getuid() == 0:
            os.chown(homes / name, 61000 + number, 61000 + number)
    settings = {"CLASS_STATE": str(folder / "state"), "LOAD_TEST_HOMES": str(homes), "LOAD_TEST_PASSWORD": password,
                "LOAD_TEST_PORTS": " ".join(map(str, ports))}
    with open(folder / "hub.log", "w") as log:
        return psutil.Popen([sys.executable, "-m", "jupyterhub", "-f", HERE / "load_test_config.py"], cwd=folder / "state",
                            env={**os.environ, **settings}, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)


def wait_for(hub, process, log):
    for _ in range(120):
        try:
            return requests.get(f"{hub}/hub/health", timeout=2).raise_for_status()
        except requests.RequestException:
            if process.poll() is not None:
                break
            time.sleep(0.5)
    sys.exit("The hub did not start. Its last lines:\n" + "\n".join(log.read_text().splitlines()[-15:]))


def stop(process):
    """End the hub and whatever it started, first politely; return how many had to be killed."""
    started = [process, *process.children(recursive=True)] if process.is_running() else []
    for one in started:
        for child in (one.children(recursive=True) if one.is_running() else []):
            if child not in started:
                started.append(child)
    if started:
        process.terminate()
        psutil.wait_procs([process], timeout=20)
    alive = [one for one in started if one.is_running()]
    for one in alive:
        one.terminate()
    _, stubborn = psutil.wait_procs(alive, timeout=10)
    for one in stubborn:
        one.kill()
    return len(stubborn)


def for_all(students, what, say):
    """Let every student do it at the same time; return the seconds until the last one was done."""
    start = time.perf_counter()
    with ThreadPoolExecutor(len(students)) as pool:
        jobs = [pool.submit(getattr(student, what)) for student in students]
        for done, job in enumerate(as_completed(jobs), start=1):
            job.result()
            print(f"\r{say}: {done} of {len(students)}", end="", flush=True)
    seconds = time.perf_counter() - start
    print(f"\r{say}: {len(students)} of {len(students)} in {seconds:.1f} s")
    return seconds


def try_to_read(thief, victim, homes):
    """Try to reach the victim's work as another student; return what was tried with what came of it."""
    found = {what: str(answer.status_code) for what, answer in by_web(thief, victim).items()}
    if os.getuid() == 0:   # else all students share one Unix account, and the question makes no sense
        found |= {
            "open() of the other's notebook": in_python(thief, f"open('{homes}/{victim.name}/{NOTEBOOK}').read()"),
            "the environment of the other's server": in_python(thief, f"open('/proc/{victim.kernel.ppid()}/environ').read()"),
            "the hub's database": in_python(thief, f"open('{homes.parent}/state/hub.sqlite', 'rb').read()")}
    return {**found, "overhearing what the other's cells print": overhear(thief, victim)}


def by_web(thief, victim):
    """Return the answers of the hub, and of the victim's server, to requests of another student."""
    hub, account, server = f"{thief.hub}/hub/api", f"{thief.hub}/hub/api/users/{victim.name}", victim.server
    straight = f"http://127.0.0.1:{listening(victim.kernel.parent())[0]}/user/{victim.name}/api/contents"
    return {
        "files through the other's server": thief.api("GET", f"{server}/api/contents/{NOTEBOOK}"),
        "files with the browser's cookies": thief.browser.get(f"{server}/files/{NOTEBOOK}", timeout=60),
        "a kernel on the other's server": thief.api("POST", f"{server}/api/kernels", json={"name": "python3"}),
        "the other's server past the proxy": thief.api("GET", straight),
        "the other's account in the hub": thief.api("GET", account),
        "a token for the other's account": thief.api("POST", f"{account}/tokens"),
        "stopping the other's server": thief.api("DELETE", f"{account}/server"),
        "sharing the other's server": thief.api("POST", f"{hub}/shares/{victim.name}/", json={"user": thief.name}),
        "the list of all users": thief.api("GET", f"{hub}/users"),
        "the other's folder in one's own server": thief.api("GET", f"{thief.server}/api/contents/../{victim.name}"),
    }


def listening(process):
    return [one.laddr.port for one in process.net_connections("tcp") if one.status == psutil.CONN_LISTEN]


def in_python(thief, expression):
    """Let the thief's kernel evaluate the expression; return the name of its error, or how much was got."""
    return thief.run(f"try:\n    _what = len({expression})\nexcept OSError as error:\n    _what = type(error)\n_what")


def overhear(thief, victim):
    """Let the thief's kernel subscribe to every port of the victim's; return how many messages came while that printed."""
    thief.run("import zmq as _zmq; _ear = _zmq.Context.instance().socket(_zmq.SUB); _ear.subscribe(b'')")
    for port in listening(victim.kernel):
        thief.run(f"_ear.connect('tcp://127.0.0.1:{port}')")
    victim.run("import time; time.sleep(1); print('my own work')")
    return thief.run("_heard = 0\nwhile _ear.poll(1000):\n    _heard += 1; _ear.recv_multipart()\n_heard")


def unsafe(found):
    """Return those attempts that reached something."""
    return [what for what, came in found.items() if came not in ("403", "404", "PermissionError", "0")]


def report(students, seconds, process, arguments):
    """Print times, memory and CPU seconds of these students, and how many such students the planned machine holds."""
    for what in ("log in", "server ready", "kernel ready", "notebook run"):
        times = sorted(student.times[what] for student in students)
        print(f"{what:>14}: {times[0]:6.1f} s the fastest, {times[len(times) // 2]:6.1f} median, {times[-1]:6.1f} the slowest")
    print(f"logins per minute: {60 * len(students) / seconds:.0f}")
    memory = [student.memory() for student in students]
    server, kernel, more = [max(column) for column in zip(*memory, strict=True)]
    print(f"memory of a student: server {server:.0f} MB, kernel {kernel:.0f} MB, at its peak {more:.0f} MB more (the largest)")
    cpu = [student.cpu_seconds() for student in students]
    server, kernel = [sum(column) / len(cpu) for column in zip(*cpu, strict=True)]
    print(f"CPU of a student: server {server:.1f} s, kernel {kernel:.1f} s (the mean)")
    hub_mb = memory_of_hub(process, students)
    print(f"hub, proxy and culler: {hub_mb:.0f} MB")
    how_many_fit(hub_mb, max(map(sum, memory)), server + kernel, arguments)


def memory_of_hub(process, students):
    servers = {student.kernel.ppid() for student in students}
    return sum(one.memory_full_info().pss for one in (process, *process.children()) if one.pid not in servers) / 1e6


def how_many_fit(hub_mb, each, work, wanted):
    """Print how many students with `each` MB and `work` CPU seconds fit into the machine that is wanted, and the formula."""
    by_memory = int((wanted.memory_gb * 1e3 - SYSTEM_GB * 1e3 - hub_mb) // each)
    by_cpu = int(wanted.cores * wanted.patience // work)
    print(f"A machine with {wanted.memory_gb:g} GB and {wanted.cores} cores holds {min(by_memory, by_cpu)} students:")
    print(f"  by memory {by_memory} = ({wanted.memory_gb:g} - {SYSTEM_GB:g} for Linux - {hub_mb / 1e3:.2f} for the hub) GB"
          f" / {each:.0f} MB a student")
    print(f"  by CPU    {by_cpu} = {wanted.cores} cores x {wanted.patience} s / {work:.1f} s a student: if all begin at once,"
          f" all have run the notebook after {wanted.patience} s")


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--students", type=int, default=10)
    parser.add_argument("--memory-gb", type=float, default=16, help="of the machine that you plan with")
    parser.add_argument("--cores", type=int, default=4, help="of the machine that you plan with")
    parser.add_argument("--patience", type=int, default=120, help="seconds a class may wait when all run the notebook at once")
    return parser.parse_args()


def main():
    arguments = read_arguments()
    if not shutil.which("configurable-http-proxy"):
        sys.exit("configurable-http-proxy is missing; classroom/README.md says how to install it.")
    folder, password, ports = Path(tempfile.mkdtemp(prefix="load-test-")), secrets.token_urlsafe(24), free_ports(3)
    hub, names = f"http://127.0.0.1:{ports[0]}", [f"s{number}" for number in range(arguments.students)]
    students = [Student(hub, name, password) for name in names]
    load = os.getloadavg()[0]
    process = start_hub(folder, names, password, ports)
    try:
        wait_for(hub, process, folder / "hub.log")
        print(f"{os.cpu_count()} cores here, load {load:.1f} before the test")
        stranger = Student(hub, "s999", password)
        try:
            stranger.log_in()
            sys.exit("UNSAFE: somebody who is not in the class list could log in")
        except requests.HTTPError as refused:
            print(f"a name that is not in the class list: {refused.response.status_code}")
        seconds = for_all(students, "log_in", "logged in")
        for_all(students, "start_server", "servers ready")
        for_all(students, "run_notebook", "notebooks run")
        report(students, seconds, process, arguments)
        found = try_to_read(students[0], students[1], folder / "homes") if len(students) > 1 else {}
        print("One student tries to reach another's work:", *(f"  {what}: {came}" for what, came in found.items()), sep="\n")
        return f"UNSAFE: {', '.join(unsafe(found))}" if unsafe(found) else 0
    except KeyboardInterrupt:
        return "stopped"
    except Exception:
        print("\nthe hub's last lines:", *(folder / "hub.log").read_text().splitlines()[-60:], sep="\n")
        raise
    finally:
        killed = stop(process)
        shutil.rmtree(folder)
        print(f"stopped; {killed} processes had to be killed")


if __name__ == "__main__":
    sys.exit(main())
