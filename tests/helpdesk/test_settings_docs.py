import re

from helpdesk import env


def test_every_variable_is_explained_and_none_is_invented() -> None:
    text = (env.BASE_DIR / "docs" / "settings.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\| `([A-Z0-9_]+)` \|", text, flags=re.MULTILINE)
    assert sorted(explained) == sorted(env.names())


def test_compose_passes_only_variables_that_exist() -> None:
    text = (env.BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8")
    environment = text.split("environment: &environment")[1].split("volumes:")[0]
    assert set(re.findall(r"^    ([A-Z0-9_]+):", environment, flags=re.MULTILINE)) <= env.names()
