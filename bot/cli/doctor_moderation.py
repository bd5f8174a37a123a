"""`limner doctor` on moderation: who looks at prompts and pictures, and who else could."""

from collections.abc import Iterator

from bot.cli.finding import Finding, bad, good, note
from bot.config.settings import Settings
from bot.errors import Misconfigured
from bot.moderation import classifier

INSTALL = "`make run` installs it, or: pip install 'limner[moderation]'"
# What their authors say they were made for, and how they become a folder of ONNX. The licences are
# those of their cards in November 2026; a card may change.
FREE_MODELS = """\
Marqo/nsfw-image-detection-384 (Apache-2.0, 22 MB; for photos, drawings, memes and generated \
pictures; made with timm: torch.onnx.export of timm.create_model("hf-hub:…", pretrained=True)), \
Falconsai/nsfw_image_detection (read its card; for photos; optimum-cli export onnx -m … FOLDER), \
Freepik/nsfw_image_detector (read its card; for generated pictures; made with timm; \
MODERATION_LABELS=low=safe,medium=unsafe,high=unsafe)"""


def examine_moderation(settings: Settings) -> Iterator[Finding]:
    in_chat = bool(settings.discord_token or settings.slack_bot_token)
    try:
        models = classifier.read_models(settings.moderation_model, dict(settings.moderation_labels))
    except Misconfigured as error:
        for problem in error.problems:
            yield bad(f"Moderation: {problem}", INSTALL if "extra" in problem else "")
    else:
        yield from _models([classifier.name_of(model) for model in models], in_chat=in_chat)
    yield _service(settings)
    if in_chat and not settings.operator_contact:
        yield note(
            "Moderators don't read how to reach you when it is urgent.", "Set OPERATOR_CONTACT."
        )


def _models(names: list[str], *, in_chat: bool) -> Iterator[Finding]:
    if names:
        drawings = (
            f"{classifier.NAME} is made for photos and says little about drawings. Free for other "
            f"pictures: {FREE_MODELS}. `limner moderation measure DIR` compares them."
        )
        alone = names == [classifier.NAME]
        yield good(
            f"Moderation: pictures are looked at by {' and '.join(names)}; the harder counts.",
            drawings if alone else "",
        )
    elif in_chat:
        yield note(
            "Moderation: no classifier: the word of the service that draws counts alone, and what "
            "it leaves open all goes to review.",
            INSTALL,
        )


def _service(settings: Settings) -> Finding:
    if not settings.moderation_host:
        return good("Moderation service: none, prompts and pictures stay here (no MODERATION_URL).")
    return note(
        f"Moderation service: every prompt and picture is sent to {settings.moderation_host}, and "
        "/privacy says so.",
        "What follows from its categories: MODERATION_RULES.",
    )
