"""The walls: what stands within them, which calls the filter lets pass, and that nobody is graded without unless it is said."""

import errno
import os
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("lstm_classroom", reason="homework is not installed: python3 run.py classroom --help does it")

from lstm_classroom import bubblewrap
from lstm_classroom.bubblewrap import DEVICES, PLAYGROUND, WITHOUT_WALLS, NoWalls, walled
from lstm_classroom.sandbox import PLACES, Answer, Submission, run_apart
from lstm_classroom.system_calls import ARCHITECTURES, CLONE, CLONE_3, PROCESSORS, REFUSED, seccomp_filter

from lstm_helpers.exercises.vanishing_gradients import q1
from tests.classroom.walls import needs_bubblewrap

TOOL = Path(__file__).resolve().parents[2] / "tools/make_classroom.py"
pytestmark = pytest.mark.slow
FILTERED = f"import sys; sys.path[:0] = {PLACES}; from lstm_classroom.system_calls import forbid; forbid()\n"
WRITE_EVERYWHERE = """
import os
made = []
for place, folders, _ in os.walk("/"):
    try:
        open(f"{place}/mine", "w").close()
        made.append(place)
    except OSError:
        pass
print(*made)
for number in range(100):
    try:
        with open(f"/dev/shm/{number}" if number % 2 else str(number), "wb") as file:
            file.write(bytes(2**20))
    except OSError:
        print(number)
"""


def inside(code):
    """Return what Python prints within the walls."""
    command = walled([sys.executable, "-I", "-c", code])
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def answer_of(rules, architecture, number, first_argument=0):
    """Run a filter as Linux does; return what it answers."""
    data = struct.pack("<IIQQ", number, architecture, 0, first_argument)
    steps, place, held = list(struct.iter_unpack("=HBBI", rules)), 0, 0
    while True:
        code, yes, no, value = steps[place]
        place += 1
        if code == 0x20:
            held, = struct.unpack_from("<I", data, value)
        elif code == 0x06:
            return value
        else:
            place += yes if {0x15: held == value, 0x35: held >= value, 0x45: bool(held & value)}[code] else no


@pytest.mark.parametrize("processor", PROCESSORS)
class TestFilter:
    def test_what_is_refused_is_refused_and_nothing_else(self, processor):
        place, rules = PROCESSORS.index(processor), seccomp_filter(processor)
        refused = {numbers[place] for numbers in REFUSED.values()} - {None} | {CLONE_3, CLONE[place]}
        for number in range(600):
            words = 0x50000 | (errno.ENOSYS if number == CLONE_3 else errno.EPERM)
            assert answer_of(rules, ARCHITECTURES[place], number) == (words if number in refused else 0x7FFF0000)

    def test_threads_may_be_made_and_other_processors_calls_may_not(self, processor):
        place, rules = PROCESSORS.index(processor), seccomp_filter(processor)
        assert answer_of(rules, ARCHITECTURES[place], CLONE[place], 0x3D0F00) == 0x7FFF0000       # as glibc makes a thread
        assert answer_of(rules, 0x40000003, 1) == 0x80000000
        assert answer_of(rules, ARCHITECTURES[place], 0x40000000 + 41) == 0x50000 | errno.ENOSYS


@needs_bubblewrap
class TestInside:
    @pytest.mark.parametrize("name", REFUSED)
    def test_linux_refuses_the_call(self, name):
        """With arguments that are nonsense: without the filter most would say so, and fork would work."""
        number = REFUSED[name][PROCESSORS.index(os.uname().machine)]
        code = ("import ctypes; libc = ctypes.CDLL(None, use_errno=True); "
                f"print(libc.syscall({number}, -1, 0, 0), ctypes.get_errno())")
        assert number is None or inside(FILTERED + code) == f"-1 {errno.EPERM}\n"

    def test_threads_work(self):
        code = "import threading; thread = threading.Thread(target=print, args=(829,)); thread.start(); thread.join()"
        assert inside(FILTERED + code) == "829\n"

    def test_there_is_nothing_but_python(self):
        seen = inside("import os; ls = lambda place: sorted(os.listdir(place)); "
                      "print(os.getcwd(), ls('.'), os.getuid(), *ls('/dev')); print(*ls('/')); print(*ls('/etc'))")
        here, tops, settings = seen.splitlines()
        assert here.split() == [PLAYGROUND, "[]", "65534", *sorted([*map(os.path.basename, DEVICES), "shm"])]
        assert not {"proc", "sys", "run", "var", "srv", "mnt", "media", "boot"} & set(tops.split())
        assert set(settings.split()) <= {"ld.so.cache", "alternatives", "fonts", "localtime"}

    def test_only_one_folder_can_be_written_and_is_of_fixed_size(self):
        written, first_that_failed, *_ = inside(WRITE_EVERYWHERE).splitlines()
        assert all(f"{place}/".startswith("/tmp/") for place in written.split()) and 60 < int(first_that_failed) <= 64

    def test_it_ends_with_whoever_started_it(self):
        script = ("import subprocess, sys, os, time\nfrom lstm_classroom.bubblewrap import walled\n"
                  "subprocess.Popen(walled([sys.executable, '-I', '-c', 'import time; time.sleep(30)  # orphan']))\n"
                  "time.sleep(1)\nos._exit(0)")
        subprocess.run([sys.executable, "-c", f"import sys; sys.path[:0] = {PLACES}\n{script}"], check=True, timeout=60)
        time.sleep(0.5)
        commands = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if os.access(path, os.R_OK)]
        assert not [command for command in commands if b"time.sleep(30)  # orphan" in command]


class TestWithout:
    @pytest.fixture(autouse=True)
    def forget(self, monkeypatch):
        """Let each find out anew, and let nothing stay switched off."""
        monkeypatch.setenv(bubblewrap.FLAG, "no")
        bubblewrap.find.cache_clear()
        yield
        bubblewrap.find.cache_clear()

    def test_nobody_is_graded_without_unless_it_is_said(self, monkeypatch):
        answer = Answer(Submission({0: "import numpy as np", 1: q1.source()}), "gradient_lengths", 1, 2)
        monkeypatch.setenv("PATH", "/nowhere")
        with pytest.raises(NoWalls, match=r"bwrap.*is not installed.*apt install bubblewrap.*--without-sandbox"):
            q1.grade(answer, 7, run_apart)
        assert bubblewrap.go_without() == WITHOUT_WALLS
        assert q1.grade(answer, 7, run_apart).points == 3

    def test_a_bubblewrap_that_fails_is_quoted(self, monkeypatch, tmp_path):
        fake = tmp_path / "bwrap"
        fake.write_text("#!/bin/sh\nprintf 'bwrap: setting up uid map:\\033[2J Permission denied' >&2; exit 1\n")
        fake.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        with pytest.raises(NoWalls, match=r"setting up uid map:\\x1b\[2J Permission denied"):
            walled([])

    @needs_bubblewrap
    def test_a_processor_whose_calls_nobody_knows_gets_none(self, monkeypatch):
        monkeypatch.setattr(bubblewrap, "PROCESSORS", ("vax",))
        with pytest.raises(NoWalls, match="no list of system calls for this processor"):
            walled([])

    def test_no_course_is_made_without_unless_asked_for(self, tmp_path):
        pytest.importorskip("nbgrader", reason="the optional group `class` is not installed")
        command = [sys.executable, TOOL, "04", "--into", str(tmp_path / "course")]
        environment = {**os.environ, "PATH": str(tmp_path)}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 1 and "apt install bubblewrap" in done.stdout and "--without-sandbox" in done.stdout
        assert not (tmp_path / "course").exists()
        done = subprocess.run([*command, "--without-sandbox"], capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 0 and done.stdout.startswith(WITHOUT_WALLS) and "6 and 0" in done.stdout
