"""What a student's code may not even ask Linux for: a filter (seccomp) that the worker puts in front of itself for good.

Without new processes, the limits of one process are the limits of all. What is not there cannot be reached either: no sockets of
any kind, no memory that outlives its process, no namespaces, and nothing of what is seldom used and often broken.
"""

import ctypes
import errno
import os
import struct
import sys

PROCESSORS = ("x86_64", "aarch64")
REFUSED = {     # name: its number on either processor; None where there is no such call
    "fork": (57, None), "vfork": (58, None), "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "kcmp": (312, 272), "pidfd_getfd": (438, 438), "socket": (41, 198),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "shmget": (29, 194),
    "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180), "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "unshare": (272, 97), "setns": (308, 268),
    "chroot": (161, 51), "pivot_root": (155, 41), "mount": (165, 40), "umount2": (166, 39), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "open_by_handle_at": (304, 265), "fanotify_init": (300, 262), "perf_event_open": (298, 241),
    "bpf": (321, 280), "userfaultfd": (323, 282),
}
ARCHITECTURES = 0xC000003E, 0xC00000B7      # as the filter is told
CLONE, CLONE_3 = (56, 220), 435
FOREIGN = 0x40000000            # x86_64: numbers from here on are those of another way to call, x32
A_THREAD = 0x10000              # CLONE_THREAD
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06       # of the classic BPF
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16                             # places in struct seccomp_data
ALLOW, KILL, FAIL = 0x7FFF0000, 0x80000000, 0x00050000
NO_NEW_PRIVILEGES, SECCOMP, BY_FILTER = 38, 22, 2                           # of prctl


class Program(ctypes.Structure):
    """struct sock_fprog: how many steps, and where they are."""

    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def forbid() -> None:
    """Refuse these calls to this process from now on; OSError if Linux does not take the filter. Elsewhere nothing happens."""
    if sys.platform != "linux" or os.uname().machine not in PROCESSORS:
        return
    rules, libc = seccomp_filter(), ctypes.CDLL(None, use_errno=True)
    program = Program(len(rules) // 8, rules)
    if libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.prctl(SECCOMP, BY_FILTER, ctypes.byref(program), 0, 0):
        raise OSError(ctypes.get_errno(), "Linux does not take the filter of system calls")


def seccomp_filter(machine: str | None = None) -> bytes:
    """Return the filter for a processor, this one's by default; ValueError for one that we do not know."""
    number = PROCESSORS.index(machine or os.uname().machine)
    steps = [(LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, ARCHITECTURES[number]), (RETURN, 0, 0, KILL),
             (LOAD, 0, 0, NUMBER), *refuse(AT_LEAST, FOREIGN, errno.ENOSYS), *refuse(EQUAL, CLONE_3, errno.ENOSYS)]
    for call in REFUSED.values():
        steps += refuse(EQUAL, call[number], errno.EPERM) if call[number] is not None else ()
    steps += [(EQUAL, 0, 3, CLONE[number]), (LOAD, 0, 0, FIRST_ARGUMENT), (ANY_BIT, 1, 0, A_THREAD),
              (RETURN, 0, 0, FAIL | errno.EPERM), (RETURN, 0, 0, ALLOW)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def refuse(comparison, number, error):
    """Return two steps: if the comparison holds, the call fails with an error; ENOSYS lets the C library try another way."""
    return (comparison, 0, 1, number), (RETURN, 0, 0, FAIL | error)
