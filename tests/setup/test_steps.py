"""A step runs when its files ask for something new, its product is gone, or it was broken off."""

from pathlib import Path

import pytest

from launch.steps import Step, Trouble, checksum, child_env, run, said, works

pytestmark = pytest.mark.usefixtures("place")


class Baker:
    """A step with a product: bakes a loaf from a recipe."""

    def __init__(self, folder: Path) -> None:
        self.recipe, self.loaf = folder / "recipe", folder / "loaf"
        self.recipe.write_text("rye")
        (folder / ".venv").mkdir()
        self.step = Step(
            name="bread",
            asked=lambda: checksum([self.recipe]),
            there=self.loaf.exists,
            bring=self.bake,
        )
        self.oven_works = True

    def bake(self) -> None:
        self.loaf.write_text("half")
        if not self.oven_works:
            raise Trouble("The oven is cold: light it.")
        self.loaf.write_text(self.recipe.read_text())


@pytest.fixture
def baker(place: Path) -> Baker:
    return Baker(place)


def test_a_finished_step_is_current(baker: Baker) -> None:
    assert not baker.step.current()
    baker.step.run()
    assert baker.step.current()


def test_a_changed_file_asks_again(baker: Baker) -> None:
    baker.step.run()
    baker.recipe.write_text("wheat")
    assert not baker.step.current()
    baker.step.run()
    assert baker.step.current()


def test_a_lost_product_asks_again(baker: Baker) -> None:
    baker.step.run()
    baker.loaf.unlink()
    assert not baker.step.current()


def test_a_step_that_was_broken_off_runs_again(baker: Baker) -> None:
    baker.oven_works = False
    with pytest.raises(Trouble):
        baker.step.run()
    assert baker.loaf.read_text() == "half"
    assert not baker.step.current()


def test_a_broken_off_repetition_does_not_leave_the_old_stamp_valid(baker: Baker) -> None:
    baker.step.run()
    baker.recipe.write_text("wheat")
    baker.oven_works = False
    with pytest.raises(Trouble):
        baker.step.run()
    assert not baker.step.current()


def test_a_checksum_sees_names_contents_words_and_absence(place: Path) -> None:
    one, other = place / "one", place / "other"
    sums = {checksum([one])}
    one.write_text("")
    sums.add(checksum([one]))
    one.write_text("text")
    sums.add(checksum([one]))
    other.write_text("text")
    sums.add(checksum([other]))
    sums.add(checksum([one], "word"))
    sums.add(checksum([one], "wo", "rd"))
    assert len(sums) == 6
    assert checksum([one, other]) == checksum([other, one])


def test_a_failing_child_is_one_sentence_and_the_rest_is_in_the_log(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    with pytest.raises(Trouble) as told:
        run("Baking", ["sh", "-c", "echo no flour; exit 3"])
    assert str(told.value) == (
        "Baking failed: the end of var/log/setup.log says why; then run ./puls again."
    )
    assert "no flour" in (place / "var" / "log" / "setup.log").read_text()


def test_a_child_that_does_not_exist_is_one_sentence() -> None:
    with pytest.raises(Trouble, match=r"^Baking failed: .*no-such-program'\.$"):
        run("Baking", ["no-such-program"])
    assert not works("no-such-program")


def test_a_folder_that_cannot_be_written_is_one_sentence(place: Path) -> None:
    (place / "var").write_text("a file where a folder should be")
    with pytest.raises(Trouble, match=r"cannot write in .*: make that folder yours"):
        run("Baking", ["true"])


def test_what_the_set_up_keeps_is_for_its_user_only(place: Path) -> None:
    run("Baking", ["true"])
    assert (place / "var").stat().st_mode & 0o066 == 0
    assert (place / "var" / "log").stat().st_mode & 0o077 == 0


def test_a_long_step_tells_its_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    with said("Baking"):
        pass
    assert capsys.readouterr().err == "Baking ... 0.0 s\n"


@pytest.mark.parametrize("given", [None, "", "/nowhere/at/all"])
def test_a_missing_home_is_replaced(
    place: Path, monkeypatch: pytest.MonkeyPatch, given: str | None
) -> None:
    if given is None:
        monkeypatch.delenv("HOME", raising=False)
    else:
        monkeypatch.setenv("HOME", given)
    assert child_env()["HOME"] == str(place / "var" / "home")
    assert (place / "var" / "home").is_dir()


def test_children_do_not_inherit_another_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("VIRTUAL_ENV", "elsewhere")
    assert "elsewhere" not in child_env().values()
