"""Which tags, attributes and styles there are, and what is done with each."""

from __future__ import annotations


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


#: Without content and without an end.
VOID = _set("area base br col embed hr img input link meta param source track wbr")
#: Read as text by browsers up to their closing tag, and never shown.
RAW = _set("script style title xmp iframe noembed noframes")
#: Drawn or run by programs; what stands inside is not the mail's text.
UNSEEN = _set("svg math object applet template audio video canvas select datalist")
TABLE = _set("table tbody thead tfoot tr td th caption")
CELLS = _set("td th")
#: Begins where a paragraph is open: that ends.
BLOCKS = _set(
    "address article aside blockquote center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li "
    "main nav ol p pre section table ul"
)
#: What a tag ends by beginning, and how far out it looks.
ENDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (_set("li"), _set("ul ol")),
    "td": (CELLS, _set("table")),
    "th": (CELLS, _set("table")),
    "tr": (_set("tr"), _set("table")),
    "tbody": (_set("tbody thead tfoot"), _set("table")),
    "dt": (_set("dt dd"), _set("dl")),
    "dd": (_set("dt dd"), _set("dl")),
    "a": (_set("a"), frozenset()),
}
#: In plain text: with an empty line around it; on a line of its own.
PARAGRAPHS = _set("p h1 h2 h3 h4 h5 h6 ul ol dl pre table blockquote")
LINES = _set(
    "address article aside body caption center dd div dt fieldset figure footer form header html legend li main nav "
    "option section tbody tfoot thead tr"
)

ALLOWED = _set(
    "a abbr address b bdi big blockquote br caption center cite code col colgroup dd del div dl dt em font h1 h2 h3 h4 "
    "h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike strong sub sup table tbody td tfoot th thead "
    "tr tt u ul var wbr"
)
EVERYWHERE = _set("align dir lang style title valign")
ATTRIBUTES = {
    "a": _set("href"),
    "img": _set("alt data-remote-src height src width"),
    "table": _set("bgcolor border cellpadding cellspacing width"),
    "tr": _set("bgcolor height"),
    "td": _set("bgcolor colspan height nowrap rowspan width"),
    "th": _set("bgcolor colspan height nowrap rowspan width"),
    "col": _set("span width"),
    "colgroup": _set("span width"),
    "font": _set("color face size"),
    "ol": _set("start type"),
    "ul": _set("type"),
    "li": _set("value"),
    "hr": _set("size width"),
    "div": _set("bgcolor"),
}
#: Nothing that moves a thing out of its place, or that can name an address.
STYLES = _set(
    "background-color border border-bottom border-collapse border-color border-left border-radius border-right "
    "border-spacing border-style border-top border-width color direction font-family font-size font-style font-weight "
    "height letter-spacing line-height list-style-type margin-bottom margin-left margin-right margin-top max-width "
    "padding padding-bottom padding-left padding-right padding-top text-align text-decoration text-indent "
    "vertical-align white-space width word-break word-spacing"
)
