"""What a student's code may try while it is graded: each function returns something true if it got what it wanted.

`world` holds what a well-informed student knows: folders of the course and the exchange, ports, numbers of processes.
"""

import contextlib
import ctypes
import glob
import os
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from multiprocessing import util


def uses_files_that_are_open(world):
    found = []
    for number in range(3, 100):
        with contextlib.suppress(OSError):
            found += [number] if stat.S_ISREG(os.fstat(number).st_mode) or stat.S_ISDIR(os.fstat(number).st_mode) else []
    return found


def switches_the_fence_off(world):
    for name, module in list(sys.modules.items()):
        if name.startswith("lstm_classroom"):
            module.REFUSED, module.READS, module.WRITES, module.check = (), (), (), lambda *args: None
    with open(f"{world.course}/secret") as file:
        return file.read()


def reads_the_solutions(world):
    with open(f"{world.course}/source/{world.name}/{world.name}.ipynb") as file:
        return file.read()


def reads_the_secret_behind_the_seeds(world):
    with open(f"{world.course}/secret") as file:
        return file.read()


def lists_the_class(world):
    return os.listdir(f"{world.course}/submitted")


def lists_what_others_handed_in(world):
    return os.listdir(world.inbound)


def rewrites_the_gradebook(world):
    with contextlib.closing(sqlite3.connect(f"file:{world.course}/gradebook.db?mode=rw", uri=True)) as book:
        book.execute("create table mine (grade)")
        return True


def writes_into_the_course(world):
    with open(f"{world.course}/canary", "a") as file:
        return file.write("I was here")


def opens_beside_an_open_folder(world):
    top = os.open("/", os.O_RDONLY)
    return os.read(os.open(f"{world.course}/secret".lstrip("/"), os.O_RDONLY, dir_fd=top), 10)


def follows_a_link_of_its_own(world):
    os.symlink(f"{world.course}/secret", "link")
    with open("link") as file:
        return file.read()


def enters_the_folders_of_processes(world):
    return [path for path in glob.glob("/proc/[0-9]*/cwd") if os.path.exists(f"{path}/nbgrader_config.py")]


def enters_the_root_of_processes(world):
    return glob.glob(f"/proc/[0-9]*/root{world.course}/secret")


def reads_the_settings_of_processes(world):
    texts = [open(path, "rb").read() for path in glob.glob("/proc/[0-9]*/environ") if os.access(path, os.R_OK)]
    return os.environ.get("A_TOKEN") or any(b"A_TOKEN" in text for text in texts)


def sees_other_processes(world):
    return len(glob.glob("/proc/[0-9]*")) > 3


def calls_the_c_library(world):
    return ctypes.pythonapi.system(f"cat {world.course}/secret > /dev/null".encode()) == 0


def starts_a_program(world):
    return subprocess.run(["/bin/cat", f"{world.course}/secret"], check=True, capture_output=True).stdout


def starts_a_program_past_subprocess(world):
    return os.waitpid(util.spawnv_passfds(b"/bin/cat", [b"cat", f"{world.course}/secret".encode()], []), 0)[1] == 0


def outlives_its_grading(world):
    child = os.fork()
    if not child:
        os.setsid()
        os.execv(sys.executable, [sys.executable, "-S", "-c", f"import time; time.sleep(20)  # {world.mark}"])
    return child


def signals_a_process(world):
    os.kill(world.pid, 0)
    return True


def asks_to_be_traced(world):
    return ctypes.CDLL(None).ptrace(0, 0, 0, 0) == 0


def reaches_the_loopback(world):
    with socket.create_connection(("127.0.0.1", world.port), 1):
        return True


def reaches_a_nameless_socket(world):
    with socket.socket(socket.AF_UNIX) as made:
        made.connect("\0" + world.mark)
        return True


def sends_a_packet(world):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        return made.sendto(b"829", ("127.0.0.1", world.port))


def asks_who_is_on_the_network(world):
    return len(socket.if_nameindex()) > 1


def shares_memory(world):
    libc = ctypes.CDLL(None)
    segment = libc.shmget(0, 4096, 0o1600)
    libc.shmctl(segment, 0, None)
    return segment >= 0


def reads_shared_memory(world):
    with open(f"/dev/shm/{world.mark}") as file:
        return file.read()


def makes_a_file_without_a_name(world):
    return os.memfd_create("mine")


def changes_the_libraries(world):
    import numpy
    return open(numpy.__file__, "a")


def changes_the_checker(world):
    import lstm_helpers.checking.judging as judging
    return open(judging.__file__, "a")


def changes_the_grader(world):
    import lstm_classroom.wire as wire
    return open(wire.__file__, "a")


def leaves_a_file_in_tmp(world):
    with open(f"/tmp/{world.mark}", "w") as file:
        file.write("829")
    return False        # it may write there: whether anything is left is seen from outside


def leaves_a_note_for_the_next(world):
    found = os.path.exists(f"/tmp/{world.mark}-note")
    os.makedirs(f"/tmp/{world.mark}-note", exist_ok=True)
    return found


def fills_the_disk(world):
    for place in ("/", "/var/tmp", "/dev", "/run", world.home, os.path.dirname(os.__file__)):     # /tmp: see test_denial
        with contextlib.suppress(OSError), open(f"{place}/{world.mark}-large", "w") as file:
            os.posix_fallocate(file.fileno(), 0, 30 * 2**20)
            os.unlink(file.name)
            return place
    return None


def looks_into_the_home(world):
    return len(os.listdir(world.home)) > 1      # Python itself may lie there


def reads_the_list_of_accounts(world):
    with open("/etc/passwd") as file:
        return file.read()


def finds_devices(world):
    return len(os.listdir("/dev")) > 12


def makes_a_device(world):
    os.mknod("device", stat.S_IFCHR | 0o600, os.makedev(1, 1))
    return os.path.exists("device")


def types_into_the_terminal(world):
    return os.open("/dev/tty", os.O_RDWR)


def finds_a_program_that_becomes_root(world):
    return [name for name in ("sudo", "su", "passwd", "mount") if shutil.which(name) and subprocess.run([name], check=False)]


def lifts_its_limits(world):
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return True


def comes_first(world):
    return os.nice(-1) is not None


def moves_its_root(world):
    os.chroot("/")
    return True


def undoes_the_alarm(world):
    signal.setitimer(signal.ITIMER_REAL, 0)
    return False        # the grader has a clock of its own: see test_what_does_not_end_is_stopped


def makes_a_world_of_its_own(world):
    return ctypes.CDLL(None).unshare(0x10000000) == 0


def becomes_root(world):
    os.setuid(0)
    os.setgid(0)
    return os.getuid() == 0
