"""Hostile texts: whatever somebody could put into a name, an item, a reason or a title.

A payload that runs sets ``window.__canary``; one that loads something asks 127.0.0.1, port 9, for it.
"""

SET = "window.__canary=1"
AWAY = "http://127.0.0.1:9/canary"

MARKUP = {
    "script": f"<script>{SET}</script>",
    "script of another page": f'"><script src="{AWAY}.js"></script>',
    "handler in double quotes": f'x" onmouseover="{SET}" autofocus onfocus="{SET}',
    "handler in single quotes": f"x' onload='{SET}' onclick='{SET}",
    "picture that fails": f"<img src=x onerror={SET}>",
    "picture from away": f'<img src="{AWAY}.png" alt="">',
    "drawing with a script": f'<svg onload="{SET}"><script>{SET}</script><a xlink:href="javascript:{SET}">x</a></svg>',
    "data address": f'<iframe src="data:text/html,<script>{SET}</script>"></iframe>',
    "script address": f"javascript:{SET}",
    "link with a script address": f'<a href="javascript:{SET}">Report</a>',
    "end of a drawing": f"</text></svg><img src=x onerror={SET}>",
    "end of the title": f"</title><script>{SET}</script>",
    "end of a style": f"</style><script>{SET}</script>",
    "end of a script": f"</script><script>{SET}</script>",
    "end of a comment": f"--><script>{SET}</script><!--",
    "end of marked text": f"]]><script>{SET}</script>",
    "style that loads": f'x" style="background:url({AWAY}.png);width:expression({SET})',
    "address in a style": f"url({AWAY}.png)",
    "import in a style": f"@import '{AWAY}.css';",
    "refresh": f'<meta http-equiv="refresh" content="0;url={AWAY}">',
    "form": f'<form action="{AWAY}"><button autofocus>Send</button></form>',
    "entities": f"&lt;script&gt;{SET}&lt;/script&gt; &#60;img src=x onerror={SET}&#62;",
}
TEMPLATES = {
    "jinja": "{{7*7}} {% raw %} {{ resources }} {# #}",
    "dollars in braces": "${7*7} #{7*7} <%= 7*7 %>",
    "vue": f"{{{{constructor.constructor('{SET}')()}}}}",
    "format": "{0.__class__.__init__.__globals__} {name} %s %(name)s {",
    "latex": f"$$\\href{{javascript:{SET}}}{{x}}$$ \\input{{secret}} $\\frac{{1}}{{",
    "mathtext": "$\\undefined{ $$ \\( \\[",
}
MARKDOWN = {
    "link": f"[Report](javascript:{SET}) [away]({AWAY}) <{AWAY}>",
    "picture": f"![]({AWAY}.png)",
    "heading": f"# Heading\n\n## Another\n<img src=x onerror={SET}>",
    "fence": f"```\n</code></pre><img src=x onerror={SET}>\n```",
    "comment": f"<!-- {SET} --> | a | b |",
}
SHEETS = {
    "hyperlink": f'=HYPERLINK("{AWAY}","Report")',
    "plus": "+cmd|' /C calc'!A0",
    "minus": "-2+3",
    "at": "@SUM(1+1)",
    "full-width": "＝1+1",
}
PLACES = {
    "upwards": "../../../etc/passwd",
    "drive": "C:\\Windows\\System32",
    "share": "\\\\server\\share",
    "nothing": "name\x00.html",
    "device": "CON",
    "device with a suffix": "nul.txt",
    "port": "COM1",
}
LETTERS = {
    "turned": "Sales \u202e99−\u202c \u2066x\u2069",
    "no width": "Sa\u200bles\u200d\ufeff",
    "long": "W" * 10_000,
    "lower case": "sales north",
    "upper case": "SALES NORTH",
    "family": "👩‍👩‍👧‍👦🏳️‍🌈👨🏽‍🚀" * 3,
    "tower": "Z" + "\u0300\u0301\u0302\u0303\u0304" * 20 + "algo",
    "right to left": "مبيعات הצפון 12",
}
PAYLOADS = MARKUP | TEMPLATES | MARKDOWN | SHEETS | PLACES | LETTERS
