"""Title, date, place, issuer and language come from the text; what it does not say stays unsaid."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import PublicationDate
from ingest.clean import clean
from ingest.describe import Description, amend, describe
from ingest.load.loaded import NOTHING_SAID, Said
from ingest.metadata.manifest import ManifestEntry, read_manifest

OFFICE = "United Nations Office of Counter-Terrorism"
BODY = " The Office held its annual meeting today with all of its members and partners present."
CORPS = " Le ministre a reçu les ambassadeurs de tous les pays de la région dans la capitale."


def published(text: str) -> tuple[str, str] | None:
    """The date and its basis."""
    found = describe(text, "release.txt").published
    return (found.value.isoformat(), found.basis) if found else None


def test_the_five_releases_describe_themselves(corpus_dir: Path) -> None:
    found = {}
    for path in sorted(corpus_dir.glob("*.txt")):
        text, _ = clean(path.read_bytes().decode())
        found[path.name] = describe(text, path.name)
    assert found == {
        "2022-03-27-unoct-qatar-strategic-dialogue.txt": Description(
            title="UNOCT and the State of Qatar Hold Fourth High-Level Strategic Dialogue",
            published=PublicationDate(date(2022, 3, 27), "stated", "27 March 2022"),
            place="Doha, State of Qatar",
            issuer=OFFICE,
            language="en",
        ),
        "2022-06-24-unsigned-morocco-unoct-cooperation.txt": Description(
            title='A "strong and fruitful" counter-terrorism cooperation',
            published=PublicationDate(
                date(2022, 6, 24), "derived", "first anniversary … Inaugurated on June 24, 2021"
            ),
            place="Rabat",
            issuer=None,
            language="en",
        ),
        "2023-06-23-unoct-djibouti-ct-travel-agreement.txt": Description(
            title="UNOCT AND DJIBOUTI SIGN AN AGREEMENT TO STRENGTHEN CO-OPERATION IN PREVENTING AND "
            "COUNTERING TERRORIST TRAVEL AND SERIOUS CRIMES",
            published=PublicationDate(date(2023, 6, 23), "stated", "23 June 2023"),
            place="New York",
            issuer=OFFICE,
            language="en",
        ),
        "2023-unsigned-djibouti-atelier-gouvernance-des-frontieres.txt": Description(
            title="Le 14 et 15 mars 2023, l’IOM Djibouti a participé à un atelier avec la République de "
            "Djibouti sur…",
            published=PublicationDate(date(2023, 3, 15), "not before", "14 et 15 mars 2023"),
            place=None,
            issuer=None,
            language="fr",
        ),
        "2024-09-26-morocco-and-unoct-strategic-dialogue.txt": Description(
            title="First High-Level Strategic Dialogue between the Kingdom of Morocco and the United Nations "
            "Office of Counter-Terrorism (UNOCT)",
            published=PublicationDate(
                date(2024, 9, 26),
                "derived",
                "was held on 4 and 5 June 2024 … to be held in Rabat on 19-20 November 2024",
            ),
            place="New York",
            issuer=f"Kingdom of Morocco and {OFFICE}",
            language="en",
        ),
    }


@pytest.mark.parametrize(
    ("text", "day", "place"),
    [
        (f"New York, 23 June 2023 –{BODY}", "2023-06-23", "New York"),
        (f"Doha, State of Qatar, 27 March 2022 –{BODY}", "2022-03-27", "Doha, State of Qatar"),
        (f"WASHINGTON, April 10, 2018 —{BODY}", "2018-04-10", "WASHINGTON"),
        (f"NAIROBI, Kenya, Sept. 4, 2019 --{BODY}", "2019-09-04", "NAIROBI, Kenya"),
        (f"Washington, D.C., May 30, 2019 -{BODY}", "2019-05-30", "Washington, D.C."),
        (f"Geneva (23 June 2023) –{BODY}", "2023-06-23", "Geneva"),
        (f"New York, Friday 23 June 2023 –{BODY}", "2023-06-23", "New York"),
        (f"23 June 2023, Vienna:{BODY}", "2023-06-23", "Vienna"),
        (f"23 June 2023 – New York –{BODY}", "2023-06-23", "New York"),
        (f"Rabat (MAP), 24 June 2022 –{BODY}", "2022-06-24", "Rabat"),
        (f"LONDON, 3 May 2021 (Reuters) -{BODY}", "2021-05-03", "LONDON"),
        (f"Friday, 23 June 2023\n\nHeadline of the day\n\n{BODY}", "2023-06-23", None),
        (f"FOR IMMEDIATE RELEASE\nJune 5, 2019\n\nOffice Opens\n\n{BODY}", "2019-06-05", None),
        (f"Press Release No. 12\nGeneva, 12 May 2023\n\nOffice Opens\n\n{BODY}", "2023-05-12", "Geneva"),
        (
            "The parties signed today, 23 June 2023, in the presence of the Minister of Kenya.",
            "2023-06-23",
            None,
        ),
        (f"Paris, le 12 mars 2023 –{CORPS}", "2023-03-12", "Paris"),
        (f"(Genève, 3 mai 2021){CORPS}", "2021-05-03", "Genève"),
        (f"À Genève, le 1er août 2022 –{CORPS}", "2022-08-01", "Genève"),
        (
            f"Saint-Denis de la Réunion, le lundi 3 mai 2021 –{CORPS}",
            "2021-05-03",
            "Saint-Denis de la Réunion",
        ),
        (f"Le 3 mai 2021, Genève –{CORPS}", "2021-05-03", "Genève"),
        (f"Rabat, 15 AOUT 2020 :{CORPS}", "2020-08-15", "Rabat"),
        (f"Paris, le 12/03/2023 –{CORPS}", "2023-03-12", "Paris"),
        (f"{CORPS}\n\nFait à Paris, le 5 juin 2022", "2022-06-05", "Paris"),
        ("Madrid, 12 de marzo de 2023 – El Ministro recibió a los embajadores.", "2023-03-12", "Madrid"),
        ("Москва, 23 июня 2023 года – Генеральный секретарь сделал заявление.", "2023-06-23", "Москва"),
        ("جنيف، 23 يونيو 2023 – قال الأمين العام إن التعاون سيستمر بين الدول.", "2023-06-23", "جنيف"),
        ("纽约,2023年6月23日 — 联合国反恐怖主义办公室今天签署了谅解备忘录。", "2023-06-23", "纽约"),
    ],
)
def test_a_dateline_that_states_its_year_is_read_in_many_forms(
    text: str, day: str, place: str | None
) -> None:
    description = describe(text, "release.txt")
    assert description.published is not None
    assert (description.published.value.isoformat(), description.published.basis) == (day, "stated")
    assert description.published.words in text
    assert description.place == place


@pytest.mark.parametrize(
    "text",
    [
        f"Geneva, 12 May –{BODY}",
        f"Human Rights Day, 10 December 2023\n\n{BODY}",
        f"Meeting in New York, 23 June 2023\n\n{BODY}",
        f"Counter-Terrorism Week, 19-23 June 2023\n\n{BODY}",
        f"Bangkok, 30 February 2021 –{BODY}",
        f"Paris, 03/04/2021 –{BODY}",
        f"{BODY}{BODY}\n\nMilestones\n\n3 May 2021: the Office opened.",
        "Inaugurated on June 24, 2021 in Rabat, the Office works on training with its partners.",
        "The Office was established on 15 June 2017 by the General Assembly and works worldwide.",
        "On 5 May 2024, the Office will hold a conference on border security in Vienna.",
        "Le 5 mai 2024, l'Office tiendra une conférence sur la sécurité des frontières.",
        "It may 10 times be said that resolution 2178 (2014) binds all.",
        "",
    ],
)
def test_no_date_is_invented_where_none_is_stated(text: str) -> None:
    assert published(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # An anniversary, with or without the weekday beside the date.
        (
            "Vienna, 20 January – The Office marked the tenth anniversary of the Border Training Centre. "
            "The Border Training Centre was opened on 20 January 2010.",
            ("2020-01-20", "derived"),
        ),
        (
            "Ce vendredi 24 juin à Rabat, le ministre a célébré le premier anniversaire du Bureau de Rabat. "
            "Inauguré le 24 juin 2021, ce Bureau de formation du ministre est à Rabat.",
            ("2022-06-24", "derived"),
        ),
        (
            "Vienna, Sunday 20 January – It was the tenth anniversary of the Border Training Centre. "
            "The Border Training Centre was opened on 20 January 2010.",
            None,  # that day was a Monday
        ),
        (
            "Vienna, 20 January – The parties recalled the 20th anniversary of the Durban Declaration. "
            "The Border Training Centre was opened on 20 January 2010.",
            None,  # another anniversary than that of the opening
        ),
        (
            "Rome, 26 June – The Office marked the 5th anniversary of its opening on 24 June 2018 in Rome.",
            ("2023-06-26", "derived"),
        ),
        # Events on both sides.
        (
            "Rome, 26 September – The parties met. A first round was held on 4 June 2024. "
            "A conference will be held on 3 December 2024.",
            ("2024-09-26", "derived"),
        ),
        (
            "Rabat, 26 septembre – Les parties se sont réunies. La réunion s'est tenue les 4 et 5 juin 2024. "
            "La conférence se tiendra le 19 novembre 2024.",
            ("2024-09-26", "derived"),
        ),
        (
            "Rome, 26 September – The parties met. A first round was held on 3 May 2019. "
            "A conference will be held on 3 March 2025.",
            None,  # five years lie between
        ),
        (
            "Rome, Thursday, 26 September – The parties met. A first round was held on 3 May 2020. "
            "A conference will be held on 3 March 2025.",
            ("2024-09-26", "derived"),  # of those five only 2024 had a Thursday
        ),
        (
            "Rome, 26 September – The parties met. A first round was held on 4 June 2025. "
            "A conference will be held on 3 December 2024.",
            None,  # contradictory
        ),
        # Only what is to come.
        (
            "Geneva, 12 May – The parties met. The next forum will be held on 3 July 2023.",
            ("2023-05-12", "derived"),
        ),
        ("Geneva, 26 September – The parties met. The games will be held on 5 July 2028.", None),
        ("Geneva, 26 September – The parties met. The next session will be held in September 2025.", None),
        # Only what has been.
        ("Geneva, 12 May – The parties met. The last forum was held on 3 July 2022.", None),
        # The event alone is dated.
        ("On 5 May 2023, the Office held a conference in Vienna.", ("2023-05-05", "not before")),
        ("Du 3 au 5 mai 2021, l'Office a organisé un atelier à Tunis.", ("2021-05-05", "not before")),
        ("The Office hosted a workshop on 14 and 15 March 2023 in Tunis.", ("2023-03-15", "not before")),
    ],
)
def test_a_missing_year_is_derived_only_where_the_text_fixes_it(
    text: str, expected: tuple[str, str] | None
) -> None:
    assert published(text) == expected


def test_the_words_of_a_derived_date_are_pieces_of_the_text_in_its_order() -> None:
    text = (
        "Rome, 26 September – The parties met. A first round was held on 4 June 2024. "
        "A conference will be held on 3 December 2024."
    )
    found = describe(text, "release.txt").published
    assert found is not None
    pieces = found.words.split(" … ")
    assert pieces == ["was held on 4 June 2024", "will be held on 3 December 2024"]
    assert all(piece in text for piece in pieces)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"PRESS RELEASE\n\nOffice Opens in Rabat\n\nRabat, 3 May 2021 –{BODY}", "Office Opens in Rabat"),
        (f"COMMUNIQUÉ DE PRESSE CONJOINT\n\nL’Office ouvre\n\n{CORPS}", "L’Office ouvre"),
        (f"First headline\n\nJOINT PRESS RELEASE\n\nSecond headline\n\n{BODY}", "First headline"),
        (
            f"STATEMENT BY THE OFFICE ON\nTHE SITUATION IN RABAT\n\n{BODY}",
            "STATEMENT BY THE OFFICE ON THE SITUATION IN RABAT",
        ),
        (f"Skip to content\nMenu\n\nWhat is new in Rabat?\n\n{BODY}\n\nMore.", "What is new in Rabat?"),
        (f"Rabat, 3 May 2021 –{BODY}", BODY.strip()),
        ("Word " * 60 + ".", "Word " * 19 + "Word…"),
        ("", "a release from rabat"),
        ("— — —", "a release from rabat"),
    ],
)
def test_the_title_is_the_headline_or_else_the_first_sentence_or_else_the_file(text: str, title: str) -> None:
    assert describe(text, "2021/a_release-from-rabat.txt").title == title


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        (
            f"{BODY} UNOCT\n\nFor more information, please contact:\n\nJane Roe, j@un.org, {OFFICE} (UNOCT)",
            OFFICE,
        ),
        (f"{BODY}\n\nMedia contact: Jane Roe, {OFFICE}, jroe@un.org", None),  # named nowhere else
        ("The Department of Justice today announced that a settlement was reached.", "Department of Justice"),
        (
            "He was indicted, announced J. A. Roe of the State Department's Tax Division and U.S. Attorney X.",
            "State Department's Tax Division",
        ),
        (f"{BODY}\n\nIssued by the {OFFICE}", OFFICE),
        (
            "L'Organisation internationale pour les migrations a annoncé aujourd'hui un accord.",
            "Organisation internationale pour les migrations",
        ),
        (f"The {OFFICE} (UNOCT) and Kenya signed an agreement in Nairobi.", None),
        (
            "Anyone with information should contact the Federal Bureau of Investigation at 212-555-0100.",
            None,
        ),
        (BODY, None),
    ],
)
def test_the_issuer_is_named_only_where_the_text_names_it(text: str, issuer: str | None) -> None:
    assert describe(text, "release.txt").issuer == issuer


@given(st.text(max_size=400))
def test_any_text_has_a_title_and_a_language(text: str) -> None:
    description = describe(text, "release.txt")
    assert description.title
    assert description.language in {"en", "fr", "es", "ar", "zh", "ru"}


def test_ten_megabytes_are_described_by_their_beginning_and_end() -> None:
    text = f"Office Opens\n\nRabat, 3 May 2021 –{BODY} UNOCT " + "word " * 2_000_000
    text += f"\n\nFor more information, please contact: Jane Roe, {OFFICE} (UNOCT), jroe@un.org"
    description = describe(text, "release.txt")
    assert (description.title, description.place, description.issuer) == ("Office Opens", "Rabat", OFFICE)


def test_the_manifest_fills_what_is_unsaid_and_stands_over_what_is_said() -> None:
    said = describe(f"Rabat, 3 May 2021 –{BODY}", "release.txt")
    known = amend(
        said, ManifestEntry(issuer="Office", date=date(2021, 5, 4), title="T", place="Fes", language="fr")
    )
    assert known == Description("T", PublicationDate(date(2021, 5, 4), "manifest", ""), "Fes", "Office", "fr")


def test_a_date_on_which_text_and_manifest_agree_keeps_the_texts_basis() -> None:
    said = describe(f"Rabat, 3 May 2021 –{BODY}", "release.txt")
    assert amend(said, ManifestEntry(date=date(2021, 5, 3))) == said


def test_what_the_file_says_stands_over_the_text_and_its_hints_stand_in_for_it() -> None:
    text = f"Rabat, 3 May 2021 –{BODY}"
    said = Said("A *title*", date(2021, 5, 4), "Fes", "Office", "fr")
    over = describe(text, "release.txt", None, said, NOTHING_SAID)
    assert over == Description(
        "A *title*", PublicationDate(date(2021, 5, 4), "file", ""), "Fes", "Office", "fr"
    )
    beside = describe(text, "release.txt", None, NOTHING_SAID, said)
    assert (beside.published, beside.place) == (
        PublicationDate(date(2021, 5, 3), "stated", "3 May 2021"),
        "Rabat",
    )
    assert (beside.title, beside.issuer, beside.language) == ("A *title*", "Office", "en")
    entry = ManifestEntry(title="T", date=date(2021, 5, 5))
    known = describe(text, "release.txt", entry, said, NOTHING_SAID)
    assert (known.title, known.published) == ("T", PublicationDate(date(2021, 5, 5), "manifest", ""))


def test_a_date_on_which_text_and_file_agree_keeps_the_texts_basis() -> None:
    said = Said(date=date(2021, 5, 3))
    found = describe(f"Rabat, 3 May 2021 –{BODY}", "release.txt", None, said, NOTHING_SAID).published
    assert found == PublicationDate(date(2021, 5, 3), "stated", "3 May 2021")


def test_a_lower_bound_in_the_manifest_stays_a_lower_bound() -> None:
    entry = ManifestEntry.model_validate(
        {"date": "2021-05-03", "date_basis": "not before", "date_words": "3 May"}
    )
    found = describe("No date is told here at all.", "release.txt", entry).published
    assert found == PublicationDate(date(2021, 5, 3), "not before", "3 May")


def test_the_corpus_manifest_agrees_with_the_texts_and_the_files(corpus_dir: Path) -> None:
    import hashlib

    manifest = read_manifest(corpus_dir)
    assert set(manifest) == {path.name for path in corpus_dir.glob("*.txt")}
    for name, entry in manifest.items():
        content = (corpus_dir / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry.sha256
        said = describe(clean(content.decode())[0], name)
        assert amend(said, entry) == said
        assert said.published is not None
        assert (said.published.basis, said.published.words) == (entry.date_basis, entry.date_words)
        assert entry.issuer or entry.issuer_note
