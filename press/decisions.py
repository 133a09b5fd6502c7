"""The one PDF of the invented press: a note on a decision, as a court's collection sets it.

It embeds no font file, so that it is small and needs nothing installed.
"""

from fpdf import FPDF

from press.catalogue import PressArticle
from press.sites import Site
from press.wording import day

MARGIN_MM = 22
LINE_MM = 5.6
# The fonts every reader holds are described in WinAnsi, which has œ, the dashes and the quotes.
ENCODING = "windows-1252"


class _Sheet(FPDF):
    """A page with the collection's name above and its number below."""

    def __init__(self, header_text: str) -> None:
        super().__init__(format="A4")
        self.core_fonts_encoding = ENCODING
        self.header_text = header_text
        self.set_margins(MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(auto=True, margin=MARGIN_MM)

    def header(self) -> None:
        self.set_font("Times", "I", 9)
        self.cell(0, LINE_MM, self.header_text, align="R", new_x="LMARGIN", new_y="NEXT")
        self.ln(LINE_MM)

    def footer(self) -> None:
        self.set_y(-MARGIN_MM + LINE_MM)
        self.set_font("Times", "", 9)
        self.cell(0, LINE_MM, str(self.page_no()), align="C")


def render_decision(site: Site, article: PressArticle) -> bytes:
    """Return an article as a PDF with its title, author and date in its information."""
    sheet = _Sheet(f"{site.name} – {article.section}")
    sheet.set_title(article.title)
    sheet.set_author(", ".join(article.authors))
    sheet.set_subject(article.summary)
    sheet.set_lang(article.lang)
    sheet.set_creation_date(article.published)
    sheet.add_page()
    _write(sheet, article.title, size_pt=15, style="B")
    _write(sheet, f"{', '.join(article.authors)}, {day(article.published, article.lang)}", 11, "I")
    for kind, text in article.blocks:
        _write(sheet, text, *((12, "B") if kind == "h2" else (11, "")))
    return bytes(sheet.output())


def _write(sheet: FPDF, text: str, size_pt: int, style: str) -> None:
    sheet.set_font("Times", style, size_pt)
    sheet.multi_cell(0, LINE_MM, text, align="J", new_x="LMARGIN", new_y="NEXT")
    sheet.ln(LINE_MM / 2)
