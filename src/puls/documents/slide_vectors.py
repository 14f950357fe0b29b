"""Vectors in slides: a picture also as SVG, which programs show in place of the PNG beside it.

python-pptx knows no SVG, so the part and the extension that names it are added here, as Office Open
XML has them since 2016. Programs that do not know the extension keep the PNG.
"""

from typing import Any

from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn

EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"


def add(slide: Any, picture: Any, drawn: str) -> None:
    """Give a picture of the slide its SVG. drawn: one SVG element with its namespace."""
    package = slide.part.package
    name = package.next_partname("/ppt/media/vector%d.svg")
    part = Part(name, "image/svg+xml", package, drawn.encode())
    key = slide.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    blip = picture._element.find(".//" + qn("a:blip"))
    blip.append(
        parse_xml(
            f'<a:extLst {nsdecls("a", "r")}><a:ext uri="{EXTENSION}">'
            f'<asvg:svgBlip xmlns:asvg="{SVG}" r:embed="{key}"/></a:ext></a:extLst>'
        )
    )
