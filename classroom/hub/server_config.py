"""What every student's server says to a browser where all servers are one site. jupyterhub_config.py hands it over.

Two policies, divided by a comma, and a browser obeys both. To a file that a student wrote, jupyter_server adds `; sandbox
allow-scripts`, so that scripts in it reach nothing; of two sandboxes in one policy the browser would take the first, ours.
"""
FRAMES = "frame-ancestors 'self'"   # nbgrader's Formgrader is a frame in JupyterLab
SANDBOX = ("sandbox allow-downloads allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-same-origin "
           "allow-scripts")         # what JupyterLab needs; a page that a link opens is not this server's

c = get_config()  # noqa: F821 — Jupyter puts it here
c.ServerApp.tornado_settings = {"headers": {"Content-Security-Policy": f"{FRAMES}; {SANDBOX}, {FRAMES}"}}
