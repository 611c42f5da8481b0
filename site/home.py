"""The home page: the live cell, one question, and a card for each notebook with a thumbnail of one of its pictures."""
import base64
import html
import io
import re
from pathlib import Path

import course_map
import nbformat
from PIL import Image

HERE = Path(__file__).resolve().parent
STORED = re.compile(r'<img[^>]*? ?alt="([^"]+)"[^>]*? src="data:image/png;base64,([^"]+)"')
WIDTH, MOST_BYTES = 320, 15_000
TELLING = {   # how the alt text of the picture begins that says most about a notebook
    "00": "The LSTM cell with the numbers", "01": "Two sentences of the same nine words", "02": "Four boxes in a row",
    "03": "One step, drawn backwards", "04": "Length of the gradient against lag for a linear",
    "05": "Error surface over w and b",
    "06": "Accuracy on held-out sentences", "07": "An LSTM cell", "08": "The LSTM cell with its forget",
    "09": "The LSTM cell with its input", "10": "Cell state c, hidden state h", "11": "The cell with the numbers of this step",
    "12": "The LSTM cell with all arrows turned round", "13": "Loss on a log axis at each look", "14": "Half-lives of 32 units",
    "15": "The state of one cell", "16": "Eight boxes named E", "17": "The true series, broad and grey",
    "18": "A hundred and sixty letters", "19": "Part of a memory against steps", "20": "The same four blocks",
    "21": "Two rows of four boxes over the letters m, u, s, i; each", "22": "A heat map, ten rows",
    "23": "Two panels, parity and permutations", "24": "A table of seven models",
}
CARD = """\
<li><a class="card" href="notebooks/{name}.html" data-page="{name}">
<img src="thumbnails/{number}.webp" alt="{alt}" width="{width}" height="{height}" loading="lazy">
<span class="about"><strong>{number} · {topic}</strong> <span>{question}</span>
<small>{minutes} minutes</small></span></a></li>"""


def page(folder):
    """Return the home page, and put into a folder what it shows."""
    (folder / "thumbnails").mkdir(parents=True)
    cards = [f"## {part}\n\n" + '<ul class="cards">\n' + "\n".join(card(notebook, folder) for notebook in notebooks) + "\n</ul>"
             for part, notebooks in course_map.parts().items()]
    return (HERE / "home.txt").read_text(encoding="utf-8").replace("{cards}", "\n\n".join(cards))


def card(notebook, folder):
    number = notebook.path.name[:2]
    alt, png = telling_picture(notebook.path)
    picture, (width, height) = thumbnail(png)
    (folder / "thumbnails" / f"{number}.webp").write_bytes(picture)
    return CARD.format(name=notebook.path.stem, number=number, topic=notebook.topic, minutes=notebook.minutes, alt=alt,
                       question=html.escape(notebook.question[0].upper() + notebook.question[1:]), width=width, height=height)


def telling_picture(path):
    """Return (alt text, PNG) of the picture that stands for a notebook, or of its first one."""
    stored = [found for cell in nbformat.read(path, as_version=4).cells for output in cell.get("outputs", [])
              for found in STORED.findall(output.get("data", {}).get("text/html", ""))]
    alt, png = next((found for found in stored if found[0].startswith(TELLING[path.name[:2]])), stored[0])
    return beginning(alt), base64.b64decode(png)


def beginning(alt, least=40):
    """Return the first sentences of an alt text: enough for a small picture."""
    return next((alt[:end.end()].strip() for end in re.finditer(r"[.:](?= |$)", alt) if end.end() >= least), alt)


def thumbnail(png):
    """Return (WebP, size) of a picture made small: as good as so many bytes allow."""
    picture = Image.open(io.BytesIO(png)).convert("RGBA")
    size = (WIDTH, round(picture.height * WIDTH / picture.width))
    picture = picture.resize(size, Image.Resampling.LANCZOS)
    for quality in (80, 60, 40, 20):
        file = io.BytesIO()
        picture.save(file, "WEBP", quality=quality, method=6)
        if file.tell() <= MOST_BYTES:
            break
    return file.getvalue(), size
