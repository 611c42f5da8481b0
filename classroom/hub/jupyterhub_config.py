"""A hub for one class on one server: every student a Unix account, limits that systemd enforces, listening on loopback only.

README.md beside this file says how to set it up. What differs from class to class comes from the environment, so that neither
a name nor a secret is in the repository:

CLASS_STATE     folder for database and cookie secret, mode 700 (default: /srv/class)
CLASS_LIST      file with one account a line; a teacher's ends in " teacher" (default: list.txt in CLASS_STATE)
CLASS_GRADING   the nbgrader course: solutions, hidden tests, what was handed in; mode 700, a teacher's or root's (default: none)
CLASS_MEMORY    memory of one student (default: 1G)
CLASS_CPU       cores of one student (default: 1)
CLASS_SERVERS   how many servers may run at once (default: 100)
CLASS_SUBDOMAINS   https://hub.example.org gives every student a subdomain of it (default: none)
OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, OAUTH_CALLBACK_URL, OAUTH2_AUTHORIZE_URL, OAUTH2_TOKEN_URL, OAUTH2_USERDATA_URL
                log in at the university; without them the server's own passwords count (PAM)
CLASS_CLAIM     what the university calls the account; its users must not be able to change it (default: preferred_username)
"""
import asyncio
import contextlib
import os
import pwd
import shutil
import stat
import subprocess
import sys
from pathlib import Path

COURSE = Path(__file__).resolve().parents[2]
STATE = Path(os.environ.get("CLASS_STATE", "/srv/class"))
GRADING = os.environ.get("CLASS_GRADING")


def refuse_unless_private(folder, owner):
    """Raise PermissionError unless folder is a real folder, belongs to the user id `owner`, and nobody else may enter it."""
    # lstat: a link, which its owner can turn elsewhere at any time, is no folder. Path: lstat follows what ends in a slash.
    found = os.lstat(Path(folder))
    mode = stat.S_IMODE(found.st_mode)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or mode & 0o077:
        raise PermissionError(f"{folder} has mode {mode:o} and owner {found.st_uid}; it needs mode 700 and owner {owner}, "
                              "so that nobody else can read it")


def read_class_list(path):
    """Return the set of all accounts in the class list and the set of its teachers. ValueError if it is not understood."""
    lines = [line.split("#")[0].split() for line in Path(path).read_text(encoding="utf-8").splitlines()]
    for line in filter(None, lines):
        if line[1:] not in ([], ["teacher"]):
            raise ValueError(f"the class list has the line {' '.join(line)!r}; it needs an account, or an account and 'teacher'")
        if line[0] != line[0].lower():   # JupyterHub would look for the account in small letters, and find none
            raise ValueError(f"the class list has the account {line[0]!r}; it needs one in small letters, such as "
                             f"{line[0].lower()!r}")
    return {line[0] for line in lines if line}, {line[0] for line in lines if line[1:]}


def refuse_twins(everybody):
    """Raise ValueError where the machine has an account that JupyterHub, to which all letters are small, takes for a student's.

    Who logs in as Ada, with Ada's password, would be given the server and the files of ada.
    """
    twins = sorted(entry.pw_name for entry in pwd.getpwall() if entry.pw_name.lower() in everybody - {entry.pw_name})
    if twins:
        raise ValueError(f"this machine has the account {twins[0]!r}, and the class list {twins[0].lower()!r}, which are one to "
                         "JupyterHub; it needs another name for one of them")


def user_ids(names):
    """Return the user ids of those names that have an account. One by one: a university's directory often gives no list."""
    for name in names:
        with contextlib.suppress(KeyError):
            yield pwd.getpwnam(name).pw_uid


def owner_of_grading(folder, teachers):
    """Return who owns the folder of the grades, as a user id: root, or a teacher of the class. PermissionError for others."""
    owner = os.lstat(folder).st_uid
    if owner not in {0, *user_ids(teachers)}:
        raise PermissionError(f"{folder} has the owner {owner}; it needs root, or an account that the class list calls a teacher")
    return owner


def forget_others(url, everybody, teachers):
    """Take from the hub's database who is no longer on the class list, tokens and all, and from former teachers all rights.

    JupyterHub itself only ever adds what its configuration names. Returns the names of those who lost something.
    """
    from jupyterhub import orm
    try:
        db, changed = orm.new_session_factory(url)(), []
    except orm.DatabaseSchemaMismatch:   # of an older JupyterHub: this one does not start before `jupyterhub upgrade-db`
        return []
    for user in db.query(orm.User).all():
        if user.name not in everybody:
            changed.append(user.name)
            db.delete(user)
        elif user.admin and user.name not in teachers:
            changed.append(user.name)
            user.admin, user.roles = False, [role for role in user.roles if role.name != "admin"]
            for token in [*user.api_tokens, *user.oauth_codes]:
                db.delete(token)
    db.commit()
    db.close()
    return changed


def stop_servers(names):
    """Stop what still runs for those who are gone: the hub no longer knows of it."""
    for name in names:
        subprocess.run(["systemctl", "stop", f"jupyter-{name}-singleuser.service"], check=False, capture_output=True, timeout=60)


def prepare_home(account):
    """Refuse a home that others can enter; else give the student a copy of each notebook that is not there yet."""
    if account.pw_uid < 1000:
        raise PermissionError(f"{account.pw_name} is a system account; a student needs one of their own")
    refuse_unless_private(account.pw_dir, account.pw_uid)
    # As the student, never as root: a link in the home must not lead a copy made by root to a file of somebody else.
    become = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
    # If it fails (a full disk, say), the hub's log says why and the student can still work.
    subprocess.run([sys.executable, "-I", COURSE / "classroom/hub/hand_out.py", COURSE / "notebooks", "notebooks"],
                   check=False, cwd=account.pw_dir, umask=0o077, timeout=60, **become)


def account_of(spawner):
    return pwd.getpwnam(spawner.user.name)


async def before_start(spawner):
    await asyncio.to_thread(prepare_home, account_of(spawner))   # the hub goes on with the other students


def runtime_folder(spawner):
    return f"{account_of(spawner).pw_dir}/.run"   # short: with the usual folder a socket's path soon exceeds Unix's 107 bytes


c = get_config()  # noqa: F821 — JupyterHub puts it here

# Who may log in: the class list and nobody else. A name taken off the list cannot log in again, though the hub knows it.
refuse_unless_private(STATE, os.getuid())
everybody, teachers = read_class_list(os.environ.get("CLASS_LIST", STATE / "list.txt"))
refuse_twins(everybody)
c.Authenticator.allowed_users = everybody
c.Authenticator.admin_users = teachers   # may stop servers, and open them: tell your students
c.Authenticator.allow_all = False
c.Authenticator.allow_existing_users = False
if "OAUTH_CLIENT_ID" in os.environ:
    c.JupyterHub.authenticator_class = "generic-oauth"
    c.GenericOAuthenticator.username_claim = os.environ.get("CLASS_CLAIM", "preferred_username")
else:
    c.JupyterHub.authenticator_class = "pam"
    c.PAMAuthenticator.open_sessions = False   # systemd starts the servers: a PAM session of the hub would own nothing

# Where it listens: on this machine only. A web server with TLS stands before it and is all that the network sees.
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:8081"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:8001"
c.Spawner.ip = "127.0.0.1"
c.JupyterHub.subdomain_host = os.environ.get("CLASS_SUBDOMAINS", "")
# Cookies that no neighbour can set; only with subdomains, for they go to every server of their host: a teacher who opens a
# student's page would hand the student the key to the hub.
c.JupyterHub.cookie_host_prefix_enabled = bool(c.JupyterHub.subdomain_host)
c.JupyterHub.active_server_limit = int(os.environ.get("CLASS_SERVERS", "100"))     # more are asked to wait: nobody's work suffers

# What the hub keeps: in a folder that only its own user can enter. The key between hub and proxy is new at every start.
c.JupyterHub.cookie_secret_file = str(STATE / "cookie_secret")
c.JupyterHub.db_url = f"sqlite:///{STATE / 'hub.sqlite'}"
if (STATE / "hub.sqlite").exists():
    gone = forget_others(c.JupyterHub.db_url, everybody, teachers)
    if shutil.which("systemctl"):
        stop_servers(gone)

# What a student gets: the course as installed for all, one's own copy of the notebooks, and the first of them open.
c.Spawner.cmd = [str(Path(sys.executable).with_name("jupyterhub-singleuser"))]
c.Spawner.default_url = "/lab/tree/notebooks/00_start_here.ipynb"
c.Spawner.pre_spawn_hook = before_start
c.Spawner.disable_user_config = True   # a student's own settings could weaken what is set here
c.Spawner.environment = {
    "OPENBLAS_NUM_THREADS": "1",   # more threads do not help at these sizes, and take from the others
    "JUPYTER_RUNTIME_DIR": runtime_folder,
}
# Kernels talk over sockets in the student's home. Over TCP, the usual way, every account of this machine could listen to
# what another student's cells print: messages are signed, not secret.
c.Spawner.args = ["--KernelManager.transport=ipc"]
if not c.JupyterHub.subdomain_host:
    # All students' servers are one site to a browser. A page of one of them gets no more than JupyterLab needs.
    # In a file: systemd's spawner takes braces in an argument for names of its own, and no server would start.
    c.Spawner.args.append(f"--config={COURSE / 'classroom/hub/server_config.py'}")

# How much: enforced by systemd. (JupyterHub's own LocalProcessSpawner only tells the student of these limits.)
c.JupyterHub.spawner_class = "systemd"
c.Spawner.mem_limit = os.environ.get("CLASS_MEMORY", "1G")
c.Spawner.cpu_limit = float(os.environ.get("CLASS_CPU", "1"))
c.SystemdSpawner.isolate_tmp = True
c.SystemdSpawner.isolate_devices = True
c.SystemdSpawner.disable_user_sudo = True
c.SystemdSpawner.unit_extra_properties = {
    "UMask": "0077",              # new files are their owner's alone
    "ProtectProc": "invisible",   # a student sees no process of another
    "MemorySwapMax": "0",         # a full memory ends one kernel; it does not slow down the whole class
    "TasksMax": "512",
}
if GRADING:
    refuse_unless_private(GRADING, owner_of_grading(GRADING, teachers))

# Servers that nobody has used for an hour are stopped, and all after a day. Files stay; variables of a kernel are lost, as after
# a restart.
c.JupyterHub.services = [{
    "name": "idle-culler",
    "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=3600", "--max-age=86400"],
}]
c.JupyterHub.load_roles = [{   # what the culler may do: see who is idle and stop their servers, nothing more
    "name": "idle-culler",
    "services": ["idle-culler"],
    "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
}]
