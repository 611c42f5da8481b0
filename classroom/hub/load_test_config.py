"""The hub of load_test.py: the class's own settings with invented students and without systemd. Never use it for a class."""
import os
import pwd
from pathlib import Path

from jupyterhub.spawner import LocalProcessSpawner

FIRST_UID = 61000   # of no account; where the load test runs as root, each student is a Unix user of their own


def invented_account(name):
    """Return what the Unix account of the student called s0, s1, … would be."""
    home = f"{os.environ['LOAD_TEST_HOMES']}/{name}"
    uid = FIRST_UID + int(name[1:]) if os.getuid() == 0 else os.getuid()
    gid = uid if os.getuid() == 0 else os.getgid()
    return pwd.struct_passwd((name, "x", uid, gid, "", home, "/bin/bash"))


class InventedAccountSpawner(LocalProcessSpawner):
    """Start a server as an account that /etc/passwd does not know."""

    def user_env(self, env):
        account = invented_account(self.user.name)
        return {**env, "USER": account.pw_name, "LOGNAME": account.pw_name, "HOME": account.pw_dir, "SHELL": account.pw_shell}

    def make_preexec_fn(self, name):
        account = invented_account(name)

        def become_student():
            if os.getuid() == 0:
                os.setgroups([])
                os.setgid(account.pw_gid)
                os.setuid(account.pw_uid)
            os.umask(0o077)
            os.chdir(account.pw_dir)

        return become_student


c = get_config()  # noqa: F821 — JupyterHub puts it here
the_class = {"get_config": get_config, "__file__": __file__}  # noqa: F821
exec((Path(__file__).parent / "jupyterhub_config.py").read_text(encoding="utf-8"), the_class)   # sets c
the_class["account_of"] = lambda spawner: invented_account(spawner.user.name)

proxy, hub, api = os.environ["LOAD_TEST_PORTS"].split()
c.JupyterHub.bind_url = f"http://127.0.0.1:{proxy}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{hub}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{api}"
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = os.environ["LOAD_TEST_PASSWORD"]
c.JupyterHub.spawner_class = InventedAccountSpawner
