"""The rules page: who reads it, who changes it, and what is written down."""

import re
import sqlite3
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import httpx

from adapters.web.context import OWNER
from bot.domain.case import Decision
from bot.domain.community_settings import CommunitySettings, Hearing, Sharing, Withheld
from bot.domain.moderation_policy import Flagged
from tests.adapters.web.harness import Playground
from tests.adapters.web.test_review import SAME_ORIGIN, act, act_headers, enter, public_page
from tests.bot.moderation.test_reviews import ELSEWHERE, MOD, in_review
from tests.support.bot_harness import ANN

ADMIN = replace(MOD, person="max", name="Max", is_admin=True)
HERE = "rules/discord/c1"


async def enter_as_admin(page: Playground) -> None:
    page.roles.admins.add(("c1", "max"))
    await enter(page, ADMIN)


async def sign_in(page: Playground) -> None:
    """As the bot's owner."""
    await page.browser.post("/login", data={"token": "right", "next": "/"}, headers=SAME_ORIGIN)


async def shown(page: Playground, path: str = HERE) -> str:
    answer = await page.browser.get(f"/review/{path}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.text


def seen(html: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{16})"', html)
    assert found
    return found[1]


def chosen(html: str) -> dict[str, str]:
    """What is checked, by the name of the rule."""
    return dict(re.findall(r'type="radio" name="(\w+)" value="(\w*)" checked', html))


async def keep(page: Playground, path: str = HERE, **values: str) -> httpx.Response:
    return await act(page, path, **{"seen": seen(await shown(page, path)), **values})


async def holds(page: Playground, community: str = "c1") -> CommunitySettings:
    return await page.core.studio.community(replace(ANN, community=community))


def audit(tmp_path: Path) -> list[tuple[Any, ...]]:
    with sqlite3.connect(tmp_path / "limner.db") as con:
        rows = con.execute("SELECT actor, action, subject FROM audit ORDER BY id").fetchall()
    con.close()
    return rows


async def test_an_admin_changes_the_rules_and_the_audit_says_who(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        await enter_as_admin(page)
        first = await page.browser.get("/review/rules")
        assert (first.status_code, first.headers["location"]) == (303, f"/review/{HERE}")
        before = await shown(page)
        assert chosen(before) == {
            "flagged": "review",
            "flagged_age_restricted": "review",
            "unknown": "review",
            "soft_words": "",
            "withheld_cost": "unless_confirmed",
            "sharing": "members",
        }
        kept = await keep(
            page,
            flagged="block",
            flagged_age_restricted="spoiler",
            withheld_cost="never",
            strike_days="30",
            sharing="link",
            new_channel="123456789012345678",
            new_rule="allow",
        )
        assert "Kept. This holds from the next picture on." in kept.text
        assert chosen(kept.text) == chosen(await shown(page))
        assert await holds(page) == CommunitySettings(
            flagged=Flagged.BLOCK,
            flagged_age_restricted=Flagged.SPOILER,
            flagged_channels={"123456789012345678": Flagged.ALLOW},
            withheld_cost=Withheld.NEVER,
            sharing=Sharing.LINK,
            strike_days=30,
        )
        assert audit(tmp_path) == [("discord:c1:max", "settings", "discord:c1")]


async def test_the_rules_hold_for_the_next_picture(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        await enter_as_admin(page)
        await in_review(page.core)
        await keep(page, flagged="block")
        page.core.backend.flagged = True
        view = await page.core.finished(await page.core.imagine(ANN))
        verdicts = [each.verdict for each in (await page.core.store.jobs.job(view.key)).pictures]
        assert verdicts == ["block"]


async def test_a_change_is_taken_back(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        await enter_as_admin(page)
        await keep(page, strike_days="30")
        kept = await keep(page, strike_days="10")
        undone = await act(page, f"{HERE}/undo", seen=seen(kept.text))
        assert "Taken back: the rules are as before." in undone.text
        assert (await holds(page)).strike_days == 30
        assert [action for _, action, _ in audit(tmp_path)] == ["settings"] * 3


async def test_what_changes_nothing_is_not_written(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        await enter_as_admin(page)
        same = await keep(page, flagged="review", strike_days="90", soft_words="")
        assert "Nothing was different" in same.text
        assert audit(tmp_path) == []


async def test_moderators_read_and_admins_of_this_moment_change(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        await enter(page, MOD)
        html = await shown(page)
        assert "Admins of this server can change them." in html
        assert html.count("<input") - html.count("disabled>") == 1  # the hidden one
        assert 'type="submit"' not in html
        for path in (HERE, f"{HERE}/undo"):
            refused = await act(page, path, seen=seen(html), strike_days="30")
            assert (refused.status_code, "Only admins can do that." in refused.text) == (403, True)
        # Being an admin when the link was made is not being one now.
        await enter(page, ADMIN)
        assert 'type="submit"' not in await shown(page)
        assert (await keep(page, strike_days="30")).status_code == 403
        page.roles.admins.add(("c1", "max"))
        assert 'type="submit"' in await shown(page)
        html = await shown(page)
        page.roles.admins.clear()
        refused = await act(page, HERE, seen=seen(html), strike_days="30")
        assert refused.status_code == 403
        assert await holds(page) == CommunitySettings()
        assert audit(tmp_path) == []


async def test_a_platform_that_cannot_say_makes_nobody_an_admin(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        await enter_as_admin(page)
        html = await shown(page)
        page.roles.trouble = TimeoutError()
        assert (await page.browser.get(f"/review/{HERE}")).status_code == 503
        refused = await act(page, HERE, seen=seen(html), strike_days="30")
        assert refused.status_code == 503
        assert await holds(page) == CommunitySettings()


async def test_another_communitys_rules_are_not_there(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        await in_review(page.core)
        page.roles.admins.update({("c2", "mod"), ("c1", "mod")})
        await enter(page, replace(ELSEWHERE, is_admin=True))
        html = await shown(page, "rules/discord/c2")
        for path in (HERE, "rules/slack/c2", "rules/web/local", "rules/discord/nowhere"):
            assert (await page.browser.get(f"/review/{path}")).status_code == 404
            stolen = await act(page, path, seen=seen(html), strike_days="30")
            assert stolen.status_code == 404
            assert (await act(page, f"{path}/undo", seen=seen(html))).status_code == 404
        assert await holds(page) == CommunitySettings()
        assert audit(tmp_path) == []


async def test_another_sites_form_changes_nothing(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        await enter_as_admin(page)
        values = {"seen": seen(await shown(page)), "strike_days": "30"}
        for headers in (
            {},
            SAME_ORIGIN,
            {**act_headers(page), "Sec-Fetch-Site": "cross-site"},
            {**act_headers(page), "X-Form-Token": "guessed"},
        ):
            sent = await page.browser.post(f"/review/{HERE}", data=values, headers=headers)
            assert sent.status_code == 403
        assert await holds(page) == CommunitySettings()


async def test_a_forged_field_is_refused_with_what_to_do(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        await enter_as_admin(page)
        for values, words in (
            ({"flagged": "allow"}, "can't be shown, not even blurred"),
            ({"flagged": "spoiler"}, "please choose review or block"),
            ({"unknown": "allow"}, "What nobody could look at is never simply shown."),
            ({"flagged_age_restricted": "nothing"}, "choose one of allow, spoiler, review, block"),
            ({"strike_days": "366"}, "For strikes choose 1 to 365; you asked for 366."),
            ({"strike_days": "\u0663\u0660"}, "For strikes choose 1 to 365"),
            ({"trusted_roles": "admins"}, "admins is none"),
            ({"new_channel": "<script>", "new_rule": "block"}, "<script> is none"),
            ({"withheld_cost": "free"}, "For withheld pictures choose one of always"),
        ):
            # One mistake spoils the whole form.
            refused = await keep(page, **{"flagged_age_restricted": "block", **values})
            assert refused.status_code == 400
            text = re.sub(r"</?code[^>]*>", "", refused.text)
            assert words in unescape(text), refused.text
            assert "<script>" not in refused.text
        # What isn't a rule is no setting either.
        await keep(page, person_day_micros="1", words_allowed="x", moderator_role="1", paused="1")
        assert await holds(page) == CommunitySettings()
        assert audit(tmp_path) == []


async def test_two_admins_do_not_undo_each_other_unseen(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        await enter_as_admin(page)
        old = seen(await shown(page))
        kept = await keep(page, flagged="block")
        for path in (HERE, f"{HERE}/undo"):
            late = await act(page, path, seen=old, flagged="review")
            assert late.status_code == 409
            assert "Somebody else has changed the rules meanwhile" in late.text
        await page.core.administration.change(ADMIN, {"strike_days": 7})
        late = await act(page, f"{HERE}/undo", seen=seen(kept.text))
        assert late.status_code == 409
        assert (await holds(page)).flagged is Flagged.BLOCK


async def test_the_owner_sets_the_rules_of_every_community(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        await sign_in(page)
        assert "No server or workspace uses this bot yet." in await shown(page, "rules")
        _, case = await in_review(page.core)
        await page.core.reviews.decide(MOD, case.id, Decision.APPROVE)
        page.core.claims.trust("slack", "T1")
        await page.core.imagine(replace(ANN, platform="slack", community="T1"))
        await page.core.imagine(replace(OWNER, is_moderator=True))
        first = await page.browser.get("/review/rules")
        assert first.headers["location"] == f"/review/{HERE}"
        html = await shown(page)
        assert re.findall(r'href="/review/rules/(\w+/\w+)"', html) == ["discord/c1", "slack/T1"]
        await keep(page, strike_days="30")
        await keep(page, "rules/slack/T1", soft_words="review")
        assert (await holds(page)).strike_days == 30
        workspace = await page.core.studio.community(replace(ANN, platform="slack", community="T1"))
        assert workspace.soft_words is Flagged.REVIEW
        assert [row for row in audit(tmp_path) if row[1] == "settings"] == [
            ("discord:c1:owner", "settings", "discord:c1"),
            ("slack:T1:owner", "settings", "slack:T1"),
        ]
        refused = await keep(page, "rules/slack/T1", unknown="spoiler")
        assert refused.status_code == 400


async def test_slack_has_no_age_restricted_channels_to_choose_for(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        page.roles.moderators.add(("T1", "mod"))
        page.roles.admins.add(("T1", "mod"))
        await enter(page, replace(MOD, platform="slack", community="T1"))
        html = await shown(page, "rules/slack/T1")
        assert "flagged_age_restricted" not in html
        assert "Doubtful pictures of members in one of these user groups are covered" in html
        assert "Slack has no age-restricted channels" in html
        assert chosen(html)["flagged"] == "block"
        kept = await keep(page, "rules/slack/T1", trusted_roles="S0123456789")
        assert 'value="S0123456789"' in kept.text
        refused = await keep(page, "rules/slack/T1", trusted_roles="@painters")
        assert (refused.status_code, "trusted user groups" in refused.text) == (400, True)
        kept = await keep(page, "rules/slack/T1", new_channel="C0123456789", new_rule="review")
        assert '<select class="field" name="channel.C0123456789"' in kept.text


CHANNEL, ROLE = "123456789012345678", "223456789012345678"


async def test_names_stand_beside_ids_as_the_platform_says_them(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        page.names.names = {"c1": "Studio <1>", CHANNEL: "#art", ROLE: "@Painters"}
        await enter_as_admin(page)
        rules = {"flagged_channels": {CHANNEL: Flagged.REVIEW}, "trusted_roles": [ROLE, "9" * 18]}
        await page.core.administration.change(ADMIN, {"set_up": True, **rules})
        html = await shown(page)
        assert "Discord \u00b7 Studio &lt;1&gt;" in html
        assert re.search(rf">#art</bdi> <code>{CHANNEL}</code>", html)
        assert f"Now: <bdi>@Painters, {'9' * 18}</bdi>." in html
        kept = await keep(page, strike_days="30")
        assert ">#art</bdi>" in kept.text


async def test_a_platform_that_fails_or_hangs_leaves_ids(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        await enter_as_admin(page)
        rules = {"flagged_channels": {CHANNEL: Flagged.REVIEW}}
        await page.core.administration.change(ADMIN, {"set_up": True, **rules})
        page.names.names = {"c1": "Studio", CHANNEL: "#art"}
        page.names.trouble = OSError("gone")
        assert "Discord \u00b7 c1" in await shown(page)
        page.names.trouble, page.names.hangs = None, True
        html = await shown(page)
        assert "Discord \u00b7 c1" in html
        assert f"<code>{CHANNEL}</code>" in html
        assert "#art" not in html


async def test_the_owner_picks_a_server_by_its_name(tmp_path: Path) -> None:
    async with public_page(tmp_path) as page:
        page.names.names = {"c1": "Studio", "c2": "Attic"}
        for who in (MOD, ELSEWHERE):
            await in_review_of(page, who)
        await sign_in(page)
        html = await shown(page)
        assert "<bdi>Discord \u00b7 Studio</bdi></a>" in html
        assert "<bdi>Discord \u00b7 Attic</bdi></a>" in html


async def in_review_of(page: Playground, who: Any) -> None:
    """So that the place is known."""
    asker = replace(who, person="ann", is_moderator=False)
    await page.core.finished(await page.core.imagine(asker))


async def test_review_is_not_chosen_in_silence_where_nobody_would_hear_of_it(
    tmp_path: Path,
) -> None:
    deaf = "⚠ Nobody hears of pictures that wait for a moderator, of reports and of budgets."
    async with public_page(tmp_path) as page:
        await enter_as_admin(page)
        assert "⚠" not in await shown(page)
        page.ears.hears = Hearing.NO_CHANNEL
        assert deaf in await shown(page)
        kept = unescape((await keep(page, unknown="spoiler", flagged="block")).text)
        assert f"from the next picture on. {deaf}" not in kept
        kept = unescape((await keep(page, flagged="review")).text)
        assert f"Kept. This holds from the next picture on. {deaf}" in kept
        page.ears.hears = Hearing.LOST_CHANNEL
        assert "it is gone, or closed to me" in await shown(page)
