"""The entities of the affair that the naming tests share."""

from pathlib import Path

from model.mention import Entity, EntityKind

SEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"

ENTITIES = (
    Entity(name="BriefCam", kind=EntityKind.PRODUCT, aliases=("Briefcam",)),
    Entity(
        name="CNIL",
        kind=EntityKind.ORGANISATION,
        aliases=(
            "Cnil",
            "Commission nationale de l'informatique et des libertés",
            "National Commission for Informatics and Liberties",
            "National Commission on Informatics and Liberty",
        ),
    ),
    Entity(
        name="La France insoumise",
        kind=EntityKind.ORGANISATION,
        aliases=("LFI", "La France Insoumise"),
    ),
    Entity(name="Gérald Darmanin", kind=EntityKind.PERSON, aliases=("Darmanin",)),
    Entity(name="Disclose", kind=EntityKind.ORGANISATION, aliases=("Disclosed",)),
    Entity(name="La Quadrature du Net", kind=EntityKind.ORGANISATION, aliases=("La Quadrature",)),
    Entity(name="Le Parisien", kind=EntityKind.ORGANISATION, aliases=("The Parisian",)),
    Entity(name="Aurélien Saintoul", kind=EntityKind.PERSON, aliases=("Saintoul",)),
)
