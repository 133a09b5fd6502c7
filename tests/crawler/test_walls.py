import gzip
import json
from pathlib import Path

import pytest

from crawler.reading import read_html
from crawler.walls import find_wall, offers_the_rest
from model.errors import CrawlError, ExtractError
from tests.crawler.wall_pages import WALLS

CORPORA = Path(__file__).resolve().parents[2].parent / "shared" / "corpora"
SENTENCE = "La commission a rendu son avis jeudi, sans que la ministre ne le commente. "


def page(title, body, head=""):
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("html", "wall"),
    [
        (page("Just a moment...", "<h1>x.example</h1><p>Enable JavaScript to continue</p>"),
         "captcha"),
        (page("x.example", "<p>Please verify you are human by completing the action below.</p>"),
         "captcha"),
        (page("Le Journal", "<p>Avec votre accord, nos 812 partenaires et nous utilisons des "
              "cookies.</p><button>Accepter et continuer</button>"), "consent"),
        (page("Connexion", "<p>Adresse électronique</p><p>Mot de passe oublié ?</p>"), "login"),
        (page("404 - Page introuvable", "<p>La page que vous cherchez est ailleurs.</p>"), "error"),
        (page("Le Journal", "<h1>Oups</h1><p>L'article demandé n'existe plus sur notre site.</p>"),
         "error"),
        (page("Un avis", f"<h1>Un avis</h1><p>{SENTENCE}</p><h3>Il vous reste 80 % de cet article "
              "à découvrir</h3><p>La suite est réservée à nos abonnés.</p>"), "paywall"),
        (page("A view", f"<h1>A view</h1><p>{SENTENCE}</p><p>Already a subscriber? Log in</p>"),
         "paywall"),
    ],
    ids=[
        "just a moment", "verify", "consent", "login", "404 with 200", "gone with 200",
        "French stub", "English stub",
    ],
)  # fmt: skip
def test_a_wall_is_a_soft_block_with_its_reason(html, wall):
    with pytest.raises(ExtractError) as raised:
        read_html(html, "https://journal.example/a")
    assert raised.value.state == "soft_block"
    assert wall in raised.value.reason


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Cookies : la CNIL sanctionne un site", "Le site déposait des cookies sans accord."),
        (
            "Erreur judiciaire : dix ans après",
            "L'erreur 404 du dossier reste une page introuvable.",
        ),
        ("Captcha : la fin d'une époque", "Prouver que vous êtes humain devient difficile."),
    ],
    ids=["cookies", "errors", "captchas"],
)
def test_an_article_about_walls_is_no_wall(title, text):
    long = f"{text} " + SENTENCE * 12
    assert find_wall([title], long, "") is None
    assert find_wall([title], f"{text} " + SENTENCE * 3, "", is_declared=True) is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Il vous reste 62 % de cet article à lire.", True),
        ("You have 40% of this article left to read", True),
        ("Déjà abonné ? Se connecter", True),
        ("Les abonnés au gaz paieront plus cher cet hiver.", False),
        ("Subscribers to the old plan keep their price.", False),
    ],
    ids=["French share", "English share", "login offer", "gas", "phone plan"],
)
def test_an_offer_of_the_rest_is_told_from_news_on_subscribers(text, answer):
    assert offers_the_rest(text) is answer


@pytest.mark.parametrize(("kind", "html"), [wall[1:] for wall in WALLS], ids=[w[0] for w in WALLS])
def test_every_known_kind_of_wall_is_refused_and_named(kind, html):
    with pytest.raises(ExtractError) as raised:
        read_html(html, "https://gazette.example/politique/1")
    assert raised.value.state == "soft_block"
    assert kind in raised.value.reason


def test_a_short_article_among_offers_to_log_in_is_no_wall():
    body = SENTENCE * 3
    furniture = "Connectez-vous. Mot de passe oublié ? Nos partenaires : tout accepter. " * 40
    assert len(body) < 500
    assert find_wall(["Un avis rendu"], body, f"{body}{furniture}") is None


def test_an_article_on_consent_is_no_wall_however_much_it_speaks_of_it():
    text = (
        "La CNIL reproche au site d’avoir déposé des cookies sans consentement. Ses partenaires "
        "recevaient des données personnelles pour de la publicité personnalisée. Le bouton « Tout "
        "refuser » manquait, dit la décision, et l’intérêt légitime ne suffit pas. "
    )
    assert find_wall(["Cookies : une amende"], text + SENTENCE * 12, "") is None


@pytest.mark.parametrize(
    "title",
    [
        "500 caméras de plus à Vernelle", "404 Media publie les contrats",
        "Accès refusé : la police",
        "Erreur 404 sur le site du fisc, 3 000 dossiers perdus", "451 maires signent l’appel",
        "Access denied: how refugees lose their phones", "503 policiers mobilisés",
        "Un instant - La Gazette",
    ],
)  # fmt: skip
def test_a_headline_that_sounds_like_an_error_is_one_of_an_article(title):
    assert find_wall([title], SENTENCE * 14, "") is None
    if "instant" not in title:
        assert find_wall([title], SENTENCE * 4, "") is None


def stored_articles():
    """Yield the address and the page of every third stored article."""
    if not CORPORA.is_dir():
        pytest.skip(f"{CORPORA} is absent: false alarms are not measured")
    for folder in (CORPORA / "articles", CORPORA / "trafilatura-fr"):
        for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()[::3]:
            truth = json.loads(line)
            yield truth["url"], _page_in(folder / truth["file"])
    folder = CORPORA / "extraction-benchmark"
    truths = json.loads((folder / "ground-truth.json").read_bytes())
    for name in list(truths)[::3]:
        yield truths[name]["url"], _page_in(folder / "html" / f"{name}.html.gz")


def _page_in(file):
    return gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()


def test_no_stored_article_is_taken_for_a_wall():
    alarms, read = [], 0
    for url, html in stored_articles():
        read += 1
        try:
            read_html(html, url)
        except CrawlError as error:
            alarms.append((url, error.reason))
    assert alarms == []
    assert read > 100
