"""What an article may hold to run in a page or to break out of it."""

ATTACKS = (
    "<script>window.hit = 'script'</script>",
    "</script><script>window.hit = 'ended script'</script>",
    "</style><script>window.hit = 'ended style'</script>",
    "<img src=x onerror=\"window.hit = 'handler'\">",
    '"><svg onload="window.hit = \'attribute\'">',
    "' onmouseover='window.hit = 1' autofocus onfocus='window.hit = 2",
    "<iframe srcdoc=\"<script>parent.hit = 'frame'</script>\"></iframe>",
    "<a href=\"javascript:window.hit = 'link'\">press</a>",
    "<style>body { display: none }</style>",
    "<!-- <script>window.hit = 'comment'</script> -->",
    "<form id=page-bar><input name=text></form>",
    "<base href=//example.invalid/><meta http-equiv=refresh content=0>",
    '<!--<script>"]}},window.hit="JSON";//',
    "\"]}</script><script type=module>window.hit = 'data'</script>",
    "}}*{background:url(//example.invalid/x)}</style>\u2028window.hit='line'",
    "\u202e<b onclick=alert(1)>\u2066 \u200f\U000e0041\U000e0042",
    "{{ 7*7 }} {% for x in y %} {# note #} ${7*7}",
    "&lt;b&gt; &amp;amp; \x00 \x1b[31m \u202egnorw\u2066 \u2028 \ud800",
)
