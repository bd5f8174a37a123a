"""The `limner` command: parses arguments and hands over.

Everything but Typer is imported where it is needed: `limner --help` must stay quick.
"""

# ruff: noqa: PLC0415  (see above)

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from bot.config.settings import Settings

ENV_FILE = Path(".env")
MISCONFIGURED = 2


class _Group(TyperGroup):
    """Names the one command that was probably meant."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        from bot.spelling import nearest

        if args[0] not in self.commands and (near := nearest(args[0], self.commands)):
            ctx.fail(f"No such command '{args[0]}'. Did you mean '{near}'?")
        return super().resolve_command(ctx, args)


_PLAIN: dict[str, Any] = {
    "cls": _Group,
    "suggest_commands": False,
    "add_completion": False,
    "no_args_is_help": True,
    "rich_markup_mode": None,  # importing it would take longer than all the rest
    "pretty_exceptions_enable": False,  # it would print secrets
}
cli = typer.Typer(help="Limner draws pictures for communities.", **_PLAIN)
privacy = typer.Typer(help="What is kept about one person: export, erase.", **_PLAIN)
ledger = typer.Typer(help="The books: check, export.", **_PLAIN)
web = typer.Typer(help="The page: login.", **_PLAIN)
community = typer.Typer(help="Who may use the bot: list, allow, forget.", **_PLAIN)
discord = typer.Typer(help="Discord: what its developer portal asks for.", **_PLAIN)
slack = typer.Typer(help="Slack: the manifest of its app.", **_PLAIN)
sessions = typer.Typer(help="Who is signed in to the page: revoke.", **_PLAIN)
case = typer.Typer(help="Cases of moderation: show, close.", **_PLAIN)
audit = typer.Typer(help="Who decided what: verify, export.", **_PLAIN)
moderation = typer.Typer(help="Who looks at pictures: measure.", **_PLAIN)
cli.add_typer(privacy, name="privacy")
cli.add_typer(ledger, name="ledger")
cli.add_typer(web, name="web")
cli.add_typer(community, name="community")
cli.add_typer(discord, name="discord")
cli.add_typer(slack, name="slack")
cli.add_typer(sessions, name="sessions")
cli.add_typer(case, name="case")
cli.add_typer(audit, name="audit")
cli.add_typer(moderation, name="moderation")

Platform = Annotated[str, typer.Argument(metavar="PLATFORM", help="web, terminal, discord, slack")]
Person = Annotated[
    str,
    typer.Argument(metavar="PERSON", help="the person's id there; on web and terminal it is owner"),
]
Workspace = Annotated[
    str,
    typer.Option(metavar="ID", help="in this workspace or server alone; on Slack ids need it"),
]
_DAY = ["%Y-%m-%d"]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="a folder that is new or empty")]


def main() -> None:
    """The entry point. Wrong settings end with a sentence each, not with a traceback."""
    from bot.errors import Misconfigured

    try:
        cli()
    except Misconfigured as error:
        for problem in error.problems:
            typer.echo(problem, err=True)
        sys.exit(MISCONFIGURED)


def _version(wanted: bool) -> None:  # noqa: FBT001  (Typer calls it with the option's value)
    if wanted:
        from importlib.metadata import version

        typer.echo(f"limner {version('limner')}")
        raise typer.Exit


@cli.callback()
def limner(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which it is.")
    ] = False,
) -> None:
    """Settings come from the environment and from the file .env; see .env.example."""


@cli.command()
def run() -> None:
    """Start the bot and its page."""
    from bot.cli.run import run

    run(_settings())


class _ImagineCommand(TyperCommand):
    """Adds to the help what is declared elsewhere: a picture's options, the exit codes."""

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  (Typer's)
        from bot.cli.imagine import EXIT_CODES, drawing_options

        with formatter.section("Options of the picture"):
            formatter.write_dl(drawing_options())
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(code), why) for code, why in EXIT_CODES.items()])


@cli.command(cls=_ImagineCommand, context_settings={"ignore_unknown_options": True})
def imagine(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="PROMPT", help="what to draw, with options like --size 768x512"),
    ] = None,
    *,
    out: Annotated[Path, typer.Option(metavar="DIR", help="where the files go")] = Path(),
    like: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="a picture whose own parameters count, unless typed"),
    ] = None,
    image: Annotated[
        Path | None, typer.Option(metavar="FILE", help="starting image: PNG, JPEG or WebP")
    ] = None,
    webhook: Annotated[
        str, typer.Option(metavar="URL", help="where the finished result is posted, too")
    ] = "",
) -> None:
    """Draw pictures, write the files, say what they cost.

    Beside a running bot the command is handed to it. Paths go to stdout, all else to stderr.
    """
    from bot.cli.imagine import imagine

    raise typer.Exit(imagine(_settings(), " ".join(words or ()), out, image, webhook, like))


@cli.command()
def serve(
    model: Annotated[
        Path | None, typer.Option(metavar="PATH", help="the model's folder [ENGINE_MODEL]")
    ] = None,
    host: Annotated[str, typer.Option(help="where to listen [ENGINE_HOST]")] = "",
    port: Annotated[int | None, typer.Option(help="0 is any free one [ENGINE_PORT]")] = None,
    key_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="one key a line [ENGINE_KEYS_FILE]")
    ] = None,
    report_fd: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Run an engine of your own behind the same API."""
    from bot.cli.serve import serve
    from bot.config.engine_settings import EngineSettings

    environ = _environment()
    given = {"ENGINE_MODEL": model, "ENGINE_HOST": host or None, "ENGINE_PORT": port}
    environ |= {name: str(value) for name, value in given.items() if value is not None}
    if key_file is not None:
        environ.pop("ENGINE_KEYS", None)
        environ["ENGINE_KEYS_FILE"] = str(key_file)
    serve(EngineSettings.from_env(environ), report_fd)


@cli.command()
def doctor() -> None:
    """Say what is on, what is wrong, and what to do."""
    from bot.cli.doctor import doctor

    raise typer.Exit(doctor(ENV_FILE, _environment()))


@cli.command()
def pause() -> None:
    """Take no new requests; what waits or runs goes on."""
    from bot.cli import owner

    owner.pause(_settings(), paused=True)


@cli.command()
def resume() -> None:
    """Take requests again."""
    from bot.cli import owner

    owner.pause(_settings(), paused=False)


@cli.command()
def backup(folder: Folder) -> None:
    """Copy database and pictures, also while the bot runs."""
    from bot.cli import records

    records.back_up(_settings(), folder)


@cli.command()
def restore(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="a folder that `backup` made")],
) -> None:
    """Put a backup in the place of what is there.

    The bot must not run. A backup that isn't whole is refused before anything is changed. The
    database that was there is kept beside the new one for a week.
    """
    from bot.cli import records

    records.restore(_settings(), folder)


@cli.command()
def check(
    *,
    pictures: Annotated[
        bool, typer.Option("--pictures", help="read every picture as well; it takes a while")
    ] = False,
) -> None:
    """Look whether database, books and pictures are whole.

    Also while the bot runs. Exit code 1 if something does not fit.
    """
    from bot.cli import records

    raise typer.Exit(records.check(_settings(), look_at_pictures=pictures))


@privacy.command("export")
def privacy_export(
    platform: Platform,
    person: Person,
    out: Annotated[Path, typer.Option(metavar="DIR", help="a folder that is new or empty")],
    workspace: Workspace = "",
) -> None:
    """Write what is kept about a person: JSON and pictures."""
    from bot.cli import owner

    owner.export_person(_settings(), platform, person, out, workspace=workspace)


@privacy.command("erase")
def privacy_erase(
    platform: Platform,
    person: Person,
    workspace: Workspace = "",
    *,
    yes: Annotated[bool, typer.Option("--yes", help="don't ask")] = False,
) -> None:
    """Forget a person: prompts, pictures, messages.

    Sums stay in the books; budgets in use and blocks stay in force.
    """
    from bot.cli import owner

    if not yes:
        where = f"{platform}, {workspace}" if workspace else platform
        typer.confirm(f"Erase {person} on {where}? This can't be undone", abort=True)
    owner.erase_person(_settings(), platform, person, workspace=workspace)


@ledger.command("check")
def ledger_check() -> None:
    """Add the books up again.

    Exit code 1 if something does not fit.
    """
    from bot.cli import records

    raise typer.Exit(records.check_ledger(_settings()))


@ledger.command("export")
def ledger_export() -> None:
    """Print every entry as CSV."""
    from bot.cli import records

    records.export_ledger(_settings())


@web.command("login")
def web_login() -> None:
    """Print a fresh address that signs you in once, within 15 minutes."""
    from bot.cli import owner

    owner.sign_in(_settings())


@slack.command("manifest")
def slack_manifest(
    *,
    http: Annotated[
        bool, typer.Option("--http", help="Slack comes to PUBLIC_URL; otherwise Socket Mode.")
    ] = False,
    many: Annotated[
        bool, typer.Option("--many", help="Every workspace may install it; over HTTP.")
    ] = False,
    agent: Annotated[
        bool, typer.Option("--agent", help="It is one of Slack's agents, as paid plans have them.")
    ] = False,
) -> None:
    """Print the manifest that makes the app on Slack.

    Paste it at https://api.slack.com/apps: Create New App, From a manifest, JSON.
    """
    from bot.cli.doctor_slack import print_manifest

    print_manifest(_settings(), http=http, many=many, agent=agent)


@discord.command("manifest")
def discord_manifest() -> None:
    """Print what Discord's developer portal asks for, with the links.

    Description, tags, permissions, install link, Terms and Privacy, to be pasted at
    https://discord.com/developers/applications.
    """
    from bot.cli.discord_manifest import print_manifest

    print_manifest(_settings())


ChatPlatform = Annotated[str, typer.Argument(metavar="PLATFORM", help="discord or slack")]
CommunityId = Annotated[
    str, typer.Argument(metavar="ID", help="of the server, or of the workspace (T…)")
]


@community.command("list")
def community_list() -> None:
    """Print every server and workspace, and what let it in or shuts it out."""
    from bot.cli import owner

    owner.list_communities(_settings())


@community.command("allow")
def community_allow(platform: ChatPlatform, community: CommunityId) -> None:
    """Let a server or workspace use the bot, without a restart."""
    from bot.cli import owner

    owner.decide_community(_settings(), platform, community, allowed=True)


@community.command("forget")
def community_forget(platform: ChatPlatform, community: CommunityId) -> None:
    """Take the bot out of a server or workspace, which may not use it any more.

    What is known of it is deleted after LEFT_RETENTION_DAYS. `allow` lets it in again.
    """
    from bot.cli import owner

    owner.decide_community(_settings(), platform, community, allowed=False)


@sessions.command("revoke")
def sessions_revoke() -> None:
    """Sign everybody out of the page, moderators and yourself."""
    from bot.cli import owner

    owner.revoke_sessions(_settings())


CaseId = Annotated[str, typer.Argument(metavar="CASE", help="the id that the alert names")]


@case.command("show")
def case_show(case: CaseId) -> None:
    """Print a case, its words and where its files are."""
    from bot.cli import records

    records.show_case(_settings(), case)


@case.command("close")
def case_close(
    case: CaseId,
    *,
    unlock: Annotated[bool, typer.Option("--unlock", help="let the person draw again")] = False,
    delete: Annotated[
        bool, typer.Option("--delete", help="delete the restricted files; ask a lawyer first")
    ] = False,
) -> None:
    """End a frozen case; only you can.

    See docs/incident.md before anything is deleted.
    """
    from bot.cli import owner

    if delete:
        typer.confirm(f"Delete the files of {case}? This can't be undone", abort=True)
    owner.close_case(_settings(), case, unlock=unlock, drop=delete)


@moderation.command("measure")
def moderation_measure(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="with safe/ and unsafe/; or the safe pictures")
    ],
    unsafe: Annotated[
        Path | None, typer.Argument(metavar="UNSAFE", help="the unsafe ones, if elsewhere")
    ] = None,
) -> None:
    """Try the classifiers on pictures of your own: hits and false alarms.

    Nothing is sent anywhere, and nothing is kept.
    """
    from bot.cli.moderation import folders_of, measure

    measure(_settings(), *folders_of(folder, unsafe))


@audit.command("verify")
def audit_verify() -> None:
    """Follow the chain of the audit.

    Exit code 1 if somebody has changed it.
    """
    from bot.cli import records

    raise typer.Exit(records.verify_audit(_settings()))


@audit.command("export")
def audit_export() -> None:
    """Print every row of the audit as CSV."""
    from bot.cli import records

    records.export_audit(_settings())


@cli.command()
def licences() -> None:
    """Print the licences of what Limner stands on."""
    from bot.cli import licences as found

    found.print_licences()


@cli.command()
def report(
    first: Annotated[datetime, typer.Option("--from", formats=_DAY, help="the first day, UTC")],
    last: Annotated[datetime, typer.Option("--to", formats=_DAY, help="the last day, UTC")],
) -> None:
    """Print the figures of a transparency report as CSV.

    Sums by platform; nobody is named.
    """
    from bot.cli import records

    records.print_report(_settings(), first, last)


def _settings() -> "Settings":
    from bot.config.settings import Settings, misspelled

    environ = _environment()
    for sentence in misspelled(environ):
        typer.echo(sentence, err=True)
    return Settings.from_env(environ)


def _environment() -> dict[str, str]:
    """The environment, and under it what `.env` says."""
    import os

    from dotenv import dotenv_values

    from bot.config.env_values import merged

    return merged(dotenv_values(ENV_FILE, interpolate=False), os.environ)


if __name__ == "__main__":
    main()
