"""What a key may, how the server is, and its numbers."""

from tests.adapters.api.fake_engine import AUTH, OTHER_KEY, Api


async def test_health_says_whether_it_draws_and_what_it_can(here: Api) -> None:
    answer = await here.client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {
        "ok": True,
        "why": "",
        "device": "fake",
        "drawn": 0,
        "server": "limner",
        "progress": "text/event-stream",
    }
    here.engine.ok = False
    answer = await here.client.get("/health")
    assert (answer.status_code, answer.json()["ok"]) == (503, False)


async def test_the_numbers_are_prometheus_and_want_a_key(here: Api) -> None:
    await here.infer(num_images=2)
    await here.infer(width=1)
    assert (await here.client.get("/metrics")).status_code == 401
    answer = await here.client.get("/metrics", headers=AUTH)
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.text.splitlines()
    for line in (
        "# TYPE limner_answers_total counter",
        'limner_answers_total{status="200"} 1',
        'limner_answers_total{status="401"} 1',
        'limner_answers_total{status="422"} 1',
        'limner_drawings_total{outcome="succeeded"} 1',
        "limner_pictures_total 2",
        "limner_drawing_seconds_total 0.228",
        "limner_requests_open 0",
        "limner_bodies_bytes 0",
        "limner_engine_drawn 1",
        "limner_engine_ok 1",
    ):
        assert line in lines
    assert "fake" not in answer.text


async def test_each_key_learns_its_own_limit(here: Api) -> None:
    answer = await here.client.get("/v1/me/rate_limit", headers=AUTH)
    assert answer.json() == {"rate_limit": 4}
    other = {"Authorization": f"Bearer {OTHER_KEY}"}
    answer = await here.client.get("/v1/me/rate_limit", headers=other)
    assert answer.json() == {"rate_limit": 8}
    assert (await here.client.get("/v1/me/rate_limit")).status_code == 401


async def test_answers_are_nobodys_to_keep_or_to_sniff(here: Api) -> None:
    answer = await here.client.get("/health")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
