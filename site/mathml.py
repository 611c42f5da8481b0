"""Equations as MathML, which browsers draw themselves: no script, no font and no network.

No browser breaks a line within an equation, and a telephone has little room: so a long one is several, side by side.
"""
import re

from latex2mathml.converter import convert

FUNCTION = re.compile(r"(?<!<msup>)(<mi>(?:ln|log|tanh)</mi>)(?=<m(?:i|n|sub|frac)>)")   # ln u, and not lnu; but tanh²


def inline_html(tex):
    return "".join(mathml(part, "inline") for part in parts(tex, r"(?= = )"))


def block_html(tex):
    tex = re.sub(r"\\(?:begin|end)\{aligned\}", "", tex).replace("&=", "=")    # what is aligned is several equations, too
    equations = [mathml(equation, "block") for equation in parts(tex, r"\\qquad|\\\\|&")]
    return f'<div class="equations">{" ".join(equations)}</div>'


def mathml(tex, display):
    return FUNCTION.sub(r'\1<mspace width="0.17em"></mspace>', convert(tex, display=display))


def parts(tex, border):
    """Divide TeX at a border, but not within braces or a matrix."""
    found = [""]
    for place, piece in enumerate(re.split(f"({border})", tex)):
        is_border = place % 2 == 1
        if not is_whole(found[-1]):
            found[-1] += piece
        elif not is_border:
            found.append(piece)
    return found[1:]


def is_whole(tex):
    return tex.count("{") == tex.count("}") and tex.count(r"\begin") == tex.count(r"\end")


def setup(app):
    from docutils.nodes import SkipNode

    def visit(writer, html):
        writer.body.append(html)
        raise SkipNode

    app.add_html_math_renderer("mathml", (lambda writer, node: visit(writer, inline_html(node.astext())), None),
                               (lambda writer, node: visit(writer, block_html(node.astext())), None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
