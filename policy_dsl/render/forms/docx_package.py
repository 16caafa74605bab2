"""The file of a DOCX around its text: styles, lists, settings, the shape of its pages, and how it is packed."""

from __future__ import annotations

from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile, ZipInfo

from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from policy_dsl.render.document import Document
from policy_dsl.render.escape import visible
from policy_dsl.render.forms.docx_marks import element
from policy_dsl.render.forms.paper import MARGIN, Paper

if TYPE_CHECKING:
    from docx.document import Document as File


def only(area: Any, paragraph: Any) -> None:
    """Let a head or a foot hold this paragraph and nothing else."""
    root = area._element
    for each in list(root):
        root.remove(each)
    root.append(paragraph)


def shaped(page: Any, paper: Paper, wide: bool) -> None:
    """Give a page its size; a wide one is turned."""
    size = page.find(qn("w:pgSz"))
    width, height = (paper.height, paper.width) if wide else (paper.width, paper.height)
    size.set(qn("w:w"), str(width))
    size.set(qn("w:h"), str(height))
    if wide:
        size.set(qn("w:orient"), "landscape")


def furnish(file: File, document: Document, paper: Paper) -> None:
    """Our own styles, lists and settings in place of the library's, and what the file says of itself."""
    folder = files("policy_dsl.render") / "templates" / "docx"
    parts = {"styles": file.styles.element, "numbering": file.part.numbering_part.element}
    parts["settings"] = file.settings.element
    for name, root in parts.items():
        for each in list(root):
            root.remove(each)
        root.extend(list(parse_xml((folder / f"{name}.xml").read_bytes())))
    language = next(file.styles.element.iter(qn("w:lang")))
    language.set(qn("w:bidi" if document.direction == "rtl" else "w:val"), document.language)
    page: Any = file.element.body.sectPr
    shaped(page, paper, False)
    for side in ("top", "right", "bottom", "left"):
        page.find(qn("w:pgMar")).set(qn(f"w:{side}"), str(MARGIN))
    page.remove(page.find(qn("w:docGrid")))
    next(file.styles.element.iter(qn("w:tab"))).set(qn("w:pos"), str(paper.upright))
    if document.direction == "rtl":
        page.append(element("bidi"))
        for edge in list(file.styles.element.iter(qn("w:left"))):
            if edge.getparent().tag == qn("w:pBdr"):
                edge.tag = qn("w:right")
    kept = ("styles", "numbering", "settings")
    _drop(file.part.rels, lambda kind: kind not in kept)
    _drop(file.part.package.rels, lambda kind: kind not in ("officeDocument", "core-properties"))
    core = file.core_properties._element
    for each in list(core):
        core.remove(each)
    file.core_properties.title = visible(document.title)[:255]
    file.core_properties.language = document.language


def _drop(relations: Any, unwanted: Any) -> None:
    """Leave parts out of the file by the kind of their relation."""
    for key in [key for key, each in relations.items() if unwanted(each.reltype.rsplit("/", 1)[-1])]:
        del relations[key]


def packed(file: File) -> bytes:
    """The file with the earliest moment that an archive can hold in place of the present.

    Nothing is compressed: what a compressor makes of the same bytes is not the same on every machine.
    """
    written, made = BytesIO(), BytesIO()
    file.save(written)
    with ZipFile(written) as old, ZipFile(made, "w") as new:
        for name in old.namelist():
            entry = ZipInfo(name)
            entry.create_system = 0
            new.writestr(entry, old.read(name))
    return made.getvalue()
