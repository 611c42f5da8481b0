"""The class's hub listens on loopback, lets in the class list, limits everybody, and starts nothing in an open home."""
import contextlib
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="the class's hub runs on Linux")]


@pytest.fixture
def state(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith(("CLASS_", "OAUTH"))]:
        monkeypatch.delenv(name)
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    (folder / "list.txt").write_text("ada\nbea teacher\n\n# late: \ncem  # repeats\n")
    monkeypatch.setenv("CLASS_STATE", str(folder))
    return folder


def load():
    return PyFileConfigLoader("jupyterhub_config.py", path=str(ROOT / "classroom/hub")).load_config()


def functions():
    """What the configuration defines, to be called one by one."""
    names = {"get_config": Config, "__file__": str(ROOT / "classroom/hub/jupyterhub_config.py")}
    exec((ROOT / "classroom/hub/jupyterhub_config.py").read_text(encoding="utf-8"), names)
    return names


def test_everything_listens_on_loopback(state):
    c = load()
    for address in (c.JupyterHub.bind_url, c.JupyterHub.hub_bind_url, c.ConfigurableHTTPProxy.api_url):
        assert address.startswith("http://127.0.0.1:")
    assert c.Spawner.ip == "127.0.0.1"


def test_passwords_are_checked_by_the_server_or_by_the_university(state, monkeypatch):
    assert load().JupyterHub.authenticator_class == "pam"
    monkeypatch.setenv("OAUTH_CLIENT_ID", "class")
    assert load().JupyterHub.authenticator_class == "generic-oauth"


def test_only_the_class_list_gets_in_and_only_teachers_are_admins(state):
    rules = load().Authenticator
    assert rules.allowed_users == {"ada", "bea", "cem"} and rules.admin_users == {"bea"}
    assert rules.allow_all is False and rules.allow_existing_users is False


def test_a_class_list_that_is_not_understood_lets_nobody_in(state):
    (state / "list.txt").write_text("ada techer\n")
    with pytest.raises(ValueError, match="ada techer"):
        load()


def test_systemd_enforces_memory_cores_and_processes(state, monkeypatch):
    c = load()
    assert c.JupyterHub.spawner_class == "systemd"   # JupyterHub's own local spawner enforces none of these
    assert c.Spawner.mem_limit == "1G" and c.Spawner.cpu_limit == 1
    assert {"MemorySwapMax", "TasksMax"} <= set(c.SystemdSpawner.unit_extra_properties)
    monkeypatch.setenv("CLASS_MEMORY", "2G")
    assert load().Spawner.mem_limit == "2G"


def test_students_are_kept_apart(state):
    c = load()
    assert c.SystemdSpawner.unit_extra_properties["UMask"] == "0077"
    assert c.SystemdSpawner.unit_extra_properties["ProtectProc"] == "invisible"
    for section, name in (("SystemdSpawner", "isolate_tmp"), ("SystemdSpawner", "isolate_devices"),
                          ("SystemdSpawner", "disable_user_sudo"), ("Spawner", "disable_user_config")):
        assert c[section].get(name) is True, name   # not c.Spawner.name: what was never set is true there
    assert "--KernelManager.transport=ipc" in c.Spawner.args
    assert not any("xsrf" in argument for argument in c.Spawner.args)


def test_only_the_culler_has_a_role_and_it_can_stop_servers_but_not_enter_them(state):
    (service,), (role,) = load().JupyterHub.services, load().JupyterHub.load_roles
    assert "jupyterhub_idle_culler" in service["command"] and {"--timeout=3600", "--max-age=86400"} <= set(service["command"])
    assert role["services"] == [service["name"]] and set(role) == {"name", "services", "scopes"}
    assert set(role["scopes"]) == {"list:users", "read:users:activity", "read:servers", "delete:servers"}


def test_what_the_hub_keeps_is_in_its_closed_folder(state):
    c = load()
    assert Path(c.JupyterHub.cookie_secret_file).parent == state
    assert c.JupyterHub.db_url == f"sqlite:///{state}/hub.sqlite"
    assert "cookie_secret" not in c.JupyterHub and "auth_token" not in c.get("ConfigurableHTTPProxy", {})


@pytest.mark.parametrize("mode", [0o755, 0o710, 0o701, 0o740])
def test_nothing_starts_while_others_can_enter_the_hubs_folder_or_the_grading_folder(state, tmp_path, monkeypatch, mode):
    grading = tmp_path / "grading"
    grading.mkdir(mode=0o700)
    monkeypatch.setenv("CLASS_GRADING", str(grading))
    load()
    for folder in (grading, state):
        folder.chmod(mode)
        with pytest.raises(PermissionError, match=f"{folder.name} has mode {mode:o}"):
            load()
        folder.chmod(0o700)


def test_cookies_go_to_every_server_of_a_host_only_where_each_student_has_a_host(state, monkeypatch):
    """Else a teacher's key to the hub would go to the server of each student whose page the teacher opens."""
    assert load().JupyterHub.cookie_host_prefix_enabled is False
    monkeypatch.setenv("CLASS_SUBDOMAINS", "https://hub.example.org")
    assert load().JupyterHub.cookie_host_prefix_enabled is True


def test_servers_are_counted(state, monkeypatch):
    assert load().JupyterHub.active_server_limit == 100
    monkeypatch.setenv("CLASS_SERVERS", "30")
    assert load().JupyterHub.active_server_limit == 30


@pytest.mark.parametrize("subdomains", ["", "https://hub.example.org"])
def test_systemds_spawner_hands_every_argument_on_as_it_is(state, monkeypatch, subdomains):
    """It takes {…} for a name of its own: with a dictionary among the arguments no server ever started."""
    spawner = pytest.importorskip("systemdspawner", reason="needs the optional group hub").SystemdSpawner
    monkeypatch.setenv("CLASS_SUBDOMAINS", subdomains)
    c = load()
    its_user = SimpleNamespace(user=SimpleNamespace(name="ada", id=1))
    for text in (*c.Spawner.cmd, *c.Spawner.args, *c.SystemdSpawner.unit_extra_properties.values()):
        assert spawner._expand_user_vars(its_user, text) == text


def sandboxes(handler):
    """Return what each policy of this handler of jupyter_server allows in its sandbox; of two in one policy the first counts."""
    config = PyFileConfigLoader("server_config.py", path=str(ROOT / "classroom/hub")).load_config()
    page = handler.__new__(handler)
    page.application = SimpleNamespace(settings=config.ServerApp.tornado_settings)
    policies = [[rule.split() for rule in policy.split(";")] for policy in page.content_security_policy.split(",")]
    assert all(["frame-ancestors", "'self'"] in policy for policy in policies)
    found = [[rule[1:] for rule in policy if rule[0] == "sandbox"] for policy in policies]
    return [rules[0] for rules in found if rules]


def test_where_all_servers_are_one_site_their_pages_are_sandboxed(state, monkeypatch):
    base = pytest.importorskip("jupyter_server.base.handlers")
    (argument,) = [argument for argument in load().Spawner.args if "config" in argument]
    assert Path(argument.partition("=")[2]) == ROOT / "classroom/hub/server_config.py"
    (allowed,) = sandboxes(base.JupyterHandler)
    assert {"allow-same-origin", "allow-scripts"} <= set(allowed) and "allow-top-navigation" not in allowed
    monkeypatch.setenv("CLASS_SUBDOMAINS", "https://hub.example.org")
    assert not [argument for argument in load().Spawner.args if "config" in argument]


@pytest.mark.parametrize("name", ["files.handlers.FilesHandler", "nbconvert.handlers.NbconvertFileHandler"])
def test_scripts_in_a_file_that_a_student_wrote_reach_nothing(name):
    module, _, kind = name.rpartition(".")
    handler = getattr(pytest.importorskip(f"jupyter_server.{module}"), kind)
    assert ["allow-scripts"] in sandboxes(handler)     # not of the server's origin, whatever another policy allows


def test_accounts_are_written_small_as_jupyterhub_writes_them(state):
    """It would look for ada where the list says Ada, and forget ada, who is not on the list, at each start."""
    (state / "list.txt").write_text("Ada\n")
    with pytest.raises(ValueError, match="account 'Ada'; it needs one in small letters, such as 'ada'"):
        load()


def test_nobody_gets_in_as_ada_who_is_called_Ada(state, monkeypatch):
    entries = [SimpleNamespace(pw_name=name) for name in ("ada", "bea", "Eve")]
    monkeypatch.setattr("pwd.getpwall", lambda: entries)
    load()
    entries.append(SimpleNamespace(pw_name="Ada"))
    with pytest.raises(ValueError, match="this machine has the account 'Ada', and the class list 'ada'"):
        load()


def test_the_grades_belong_to_root_or_to_a_teacher(state, tmp_path, monkeypatch):
    owner_of = functions()["owner_of_grading"]
    accounts = {"bea": 5001, "ada": 5002}
    monkeypatch.setattr("pwd.getpwall", list)     # a university's directory often gives no list
    monkeypatch.setattr("pwd.getpwnam", lambda name: SimpleNamespace(pw_uid=accounts[name]))
    for uid in (0, 5001):
        monkeypatch.setattr("os.lstat", lambda path, uid=uid: SimpleNamespace(st_uid=uid))
        assert owner_of("grading", {"bea", "nobody-here"}) == uid
    monkeypatch.setattr("os.lstat", lambda path: SimpleNamespace(st_uid=5002))
    with pytest.raises(PermissionError, match="grading has the owner 5002; it needs root, or an account that the class"):
        owner_of("grading", {"bea"})


@pytest.fixture
def database(state):
    """The hub's own database, as JupyterHub makes it: ada, bea and dan, two of them admins, each with a token."""
    orm = pytest.importorskip("jupyterhub.orm", reason="the optional group `hub` is not installed")
    url = f"sqlite:///{state}/hub.sqlite"
    db = orm.new_session_factory(url)()
    db.add_all([orm.Role(name="admin"), orm.OAuthClient(identifier="jupyterhub")])
    db.commit()
    admin = orm.Role.find(db, "admin")
    for name, is_admin in (("ada", True), ("bea", True), ("dan", False)):
        user = orm.User(name=name, admin=is_admin, roles=[admin] if is_admin else [])
        db.add(user)
        db.commit()
        orm.APIToken.new(user=user, note="mine")
    db.commit()

    def look():
        with orm.new_session_factory(url)() as again:
            tokens = [token.user.name for token in again.query(orm.APIToken) if token.user]
            return {user.name: (user.admin, [role.name for role in user.roles], tokens.count(user.name)) for user in
                    again.query(orm.User)}
    return look


def test_who_leaves_the_list_or_the_teachers_loses_all_at_the_next_start(state, database):
    """ada was a teacher and is a student now, bea still teaches, dan has left: JupyterHub alone would let them all keep it."""
    assert {name: found[0] for name, found in database().items()} == {"ada": True, "bea": True, "dan": False}
    assert set(database()) == {"ada", "bea", "dan"} and all(found[2] == 1 for found in database().values())
    load()
    assert database() == {"ada": (False, [], 0), "bea": (True, ["admin"], 1)}
    load()
    assert database() == {"ada": (False, [], 0), "bea": (True, ["admin"], 1)}


def test_a_database_of_another_jupyterhub_is_left_to_jupyterhub(state, database):
    """It stops, or upgrades it when told so: `jupyterhub upgrade-db` reads this configuration, too."""
    with contextlib.closing(sqlite3.connect(state / "hub.sqlite")) as file:
        file.execute("update alembic_version set version_num = '3ec6993fe20c'")
        file.commit()
    load()


@pytest.fixture
def account(tmp_path):
    """A student with a home of their own, as /etc/passwd would tell of them."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    uid = os.getuid() or 1000   # root is taken for the first ordinary account
    if os.getuid() == 0:
        os.chown(home, uid, uid)
    return SimpleNamespace(pw_name="ada", pw_uid=uid, pw_gid=os.getgid() or uid, pw_dir=str(home))


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o711, 0o770])
def test_a_home_that_others_can_enter_is_refused(state, account, mode):
    Path(account.pw_dir).chmod(mode)
    with pytest.raises(PermissionError, match=f"mode {mode:o}.*needs mode 700"):
        functions()["prepare_home"](account)


def test_a_home_that_is_a_link_is_refused(state, account, tmp_path):
    (tmp_path / "link").symlink_to(account.pw_dir)
    for home in ("link", "link/"):     # with a / at the end, lstat would follow it
        with pytest.raises(PermissionError, match="needs mode 700"):
            functions()["prepare_home"](SimpleNamespace(**{**vars(account), "pw_dir": f"{tmp_path}/{home}"}))


def test_a_home_of_somebody_else_is_refused(state, account):
    with pytest.raises(PermissionError, match="owner"):
        functions()["prepare_home"](SimpleNamespace(**{**vars(account), "pw_uid": account.pw_uid + 1}))


def test_system_accounts_are_refused(state, account):
    with pytest.raises(PermissionError, match="system account"):
        functions()["prepare_home"](SimpleNamespace(**{**vars(account), "pw_uid": 0}))


def hand_out(source, target):
    return subprocess.run([sys.executable, ROOT / "classroom/hub/hand_out.py", source, target], check=True)


def test_new_notebooks_arrive_and_work_is_never_written_over(tmp_path):
    source, target = tmp_path / "course", tmp_path / "notebooks"
    source.mkdir()
    (source / "00_a.ipynb").write_text("theirs")
    hand_out(source, target)
    (target / "00_a.ipynb").write_text("my work")
    (source / "00_a.ipynb").write_text("theirs, changed")
    (source / "01_b.ipynb").write_text("new")
    (target / "02_c.ipynb").symlink_to(tmp_path / "nowhere")
    (source / "02_c.ipynb").write_text("not through a link")
    hand_out(source, target)
    assert (target / "00_a.ipynb").read_text() == "my work"
    assert (target / "01_b.ipynb").read_text() == "new"
    assert (target / "02_c.ipynb").is_symlink() and not (tmp_path / "nowhere").exists()
    assert sorted(path.name for path in target.iterdir()) == ["00_a.ipynb", "01_b.ipynb", "02_c.ipynb"]


def test_a_student_gets_every_notebook_for_their_own_eyes(state, account, monkeypatch):
    prepare_home = functions()["prepare_home"]
    monkeypatch.setattr(os, "getuid", lambda: account.pw_uid)   # copy as whoever runs the tests
    prepare_home(account)
    copies = sorted(Path(account.pw_dir, "notebooks").iterdir())
    assert [copy.name for copy in copies] == sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
    assert {copy.stat().st_mode & 0o777 for copy in copies} == {0o600}


def test_root_copies_as_the_student_and_with_no_right_of_its_own(state, account, monkeypatch):
    prepare_home, runs = functions()["prepare_home"], []
    monkeypatch.setattr(os, "getuid", lambda: 0)
    monkeypatch.setattr(subprocess, "run", lambda command, **how: runs.append(how))
    prepare_home(account)
    (how,) = runs
    assert (how["user"], how["group"], how["extra_groups"]) == (account.pw_uid, account.pw_gid, [])
    assert (how["cwd"], how["umask"]) == (account.pw_dir, 0o077)


def test_every_setting_is_one_that_jupyterhub_knows(state):
    """A misspelt setting would be ignored without a word, and what it was to forbid would be allowed."""
    app = pytest.importorskip("jupyterhub.app", reason="needs the optional group hub")
    from jupyterhub.auth import Authenticator, PAMAuthenticator
    from jupyterhub.proxy import ConfigurableHTTPProxy
    from jupyterhub.spawner import Spawner
    from systemdspawner import SystemdSpawner
    known = {kind.__name__: kind for kind in
             (app.JupyterHub, Authenticator, PAMAuthenticator, ConfigurableHTTPProxy, Spawner, SystemdSpawner)}
    for section, settings in load().items():
        for name in settings:
            assert known[section].class_traits()[name].metadata.get("config"), f"{section}.{name}"


def test_jupyterhub_has_these_classes_under_these_names(state):
    app = pytest.importorskip("jupyterhub.app", reason="needs the optional group hub")
    c = load()
    hub = app.JupyterHub(authenticator_class=c.JupyterHub.authenticator_class, spawner_class=c.JupyterHub.spawner_class)
    assert hub.authenticator_class.__name__ == "PAMAuthenticator"
    assert hub.spawner_class.__name__ == "SystemdSpawner"
    assert app.JupyterHub(authenticator_class="generic-oauth").authenticator_class.__name__ == "GenericOAuthenticator"


@pytest.mark.parametrize("name", [".ci/run", ".github/workflows/check.yml"])
def test_ci_installs_the_group_so_that_none_of_these_is_skipped(name):
    commands = (ROOT / name).read_text(encoding="utf-8").splitlines()
    (install,) = [line for line in commands if "pip install" in line and "hub]" in line]
    assert install.endswith("pip install --constraint requirements.txt --no-build-isolation --editable '.[hub]'")
