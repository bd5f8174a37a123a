"""/imagine, from the command to the card."""

from pathlib import Path

from tests.slack.office import job_in, office


async def test_a_wish_becomes_one_card_with_its_picture(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        card = await here.draw("a cat --seed 7 --steps 30")
        job = job_in(card)
        ann = here.fake.ann.id
        assert card.words.split("\n")[:4] == [
            f"<@{ann}> drew",
            "> a cat",
            "a cat",
            f"steps 30 · seed `7` · stable-diffusion-2-1 · `{job}`",
        ]
