"""How the course becomes a static site: `python3 run.py site`. Everything that the pages need lies beside them."""
import sys
import tomllib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))   # mathml.py and pages.py stand beside this file

project = "LSTM, gate by gate"
COURSE = tomllib.loads((Path(__file__).resolve().parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
author = copyright = COURSE["authors"][0]["name"]
version = release = COURSE["version"]
language = "en"
extensions = ["myst_nb", "mathml", "pages"]
templates_path = ["templates"]
nb_execution_mode = "off"                # the stored outputs are shown: it is they that the tests compare
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 6                 # every heading can be linked to
html_math_renderer = "mathml"
html_theme = "furo"
html_title = project
html_static_path = ["course.css", "course.js", "fonts"]
html_css_files = ["course.css"]
html_js_files = [("course.js", {"defer": "defer"})]
html_copy_source = False
html_show_copyright = False
html_use_index = False
epub_identifier = epub_uid = "lstm-gate-by-gate"
epub_description = COURSE["description"]
epub_tocscope = "includehidden"
epub_css_files = ["course.css"]
epub_show_urls = "no"
epub_use_index = False
epub_tocdepth = 2
