"""A real browser for the tests of pages: headless Chromium over its debugging pipe."""

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

KEYS = {
    "Enter": (13, "\r"),
    "Escape": (27, ""),
    "Tab": (9, ""),
    "ArrowDown": (40, ""),
    "ArrowUp": (38, ""),
}
"""Code and text of keys that are no characters."""
PATIENCE = 60
"""Seconds to wait for an answer."""

CONTRAST = """
(() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const channels = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
    }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map(v => v / 255)
      .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const poor = [];
  for (const node of document.querySelectorAll('body *')) {
    const own = [...node.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!own || !node.checkVisibility() || node.closest('.few, script')) continue;
    const grounds = [];
    for (let up = node; up; up = up.parentElement) {
      grounds.unshift(getComputedStyle(up).backgroundColor);
    }
    const a = light(channels([...grounds, getComputedStyle(node).color]));
    const b = light(channels(grounds));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) poor.push([node.tagName, node.className, ratio]);
  }
  return poor;
})()
"""
"""Every element whose own words stand out by less than 4.5 to 1, with the ratio."""

# The protocol wants its pipes as file descriptors 3 and 4.
START = """
import fcntl, os, sys
pipes = [fcntl.fcntl(int(pipe), fcntl.F_DUPFD, 10) for pipe in sys.argv[1:3]]
os.dup2(pipes[0], 3)
os.dup2(pipes[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


def find_chromium() -> str:
    """Path of a Chromium; skips the test where there is none."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    pytest.skip(f"no browser: none of {', '.join(NAMES)} is on the PATH")


class Chromium:
    """A running browser. Commands are those of the DevTools protocol, in order.

    The browser resolves no name, so a page that asks for something gets nothing.
    """

    def __init__(self, profile: Path) -> None:
        program = find_chromium()
        to_browser, ours_out = os.pipe()
        ours_in, from_browser = os.pipe()
        self._out: BinaryIO = os.fdopen(ours_out, "wb", 0)
        self._in: BinaryIO = os.fdopen(ours_in, "rb", 0)
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-c", START, str(to_browser), str(from_browser)),
                program,
                *("--headless=new", "--no-sandbox", "--remote-debugging-pipe"),
                *("--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"),
                *("--disable-extensions", "--disable-ipc-flooding-protection"),
                "--host-resolver-rules=MAP * ~NOTFOUND",
                f"--user-data-dir={profile}",
                "about:blank",
            ],
            pass_fds=(to_browser, from_browser),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._number = 0
        self._unread = b""

    def __enter__(self) -> "Chromium":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(EOFError, BrokenPipeError):  # it may be gone already
            self.command("Browser.close")
        self._out.close()
        self._in.close()
        self._process.wait(20)

    def command(
        self, method: str, session: str | None = None, **parameters: object
    ) -> dict[str, Any]:
        """Sends a command and waits for its result."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        self._out.write(json.dumps(message).encode() + b"\0")
        while True:
            reply = self._read()
            if reply.get("id") == self._number:
                assert "error" not in reply, (method, reply["error"])
                result: dict[str, Any] = reply["result"]
                return result

    def open(self, page: Path, *, scripts: bool = True, hash_: str = "") -> "Tab":
        """A new tab with a file in it, once it has loaded."""
        made = self.command("Target.createTarget", url="about:blank")
        attached = self.command(
            "Target.attachToTarget", targetId=made["targetId"], flatten=True
        )
        tab = Tab(self, made["targetId"], attached["sessionId"], scripts)
        tab.command("Page.enable")
        if not scripts:
            tab.command("Emulation.setScriptExecutionDisabled", value=True)
        tab.resize(1400, 900)
        tab.go(page.as_uri() + hash_)
        return tab

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._in], [], [], PATIENCE)
            assert ready, f"the browser said nothing for {PATIENCE} seconds"
            data = self._in.read(1 << 16)
            if not data:
                raise EOFError("the browser ended")
            self._unread += data
        text, _, self._unread = self._unread.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        return message


class Tab:
    """One page in the browser."""

    def __init__(
        self, browser: Chromium, target: str, session: str, scripts: bool
    ) -> None:
        self._browser = browser
        self._target = target
        self._session = session
        self._scripts = scripts

    def command(self, method: str, **parameters: object) -> dict[str, Any]:
        return self._browser.command(method, self._session, **parameters)

    def go(self, address: str) -> None:
        """Loads an address and waits until it is there."""
        self.command("Page.navigate", url=address)
        self.wait()

    def close(self) -> None:
        self._browser.command("Target.closeTarget", targetId=self._target)

    def follow(self, hash_: str) -> None:
        """Goes to another place of the page, as a link does."""
        self.ask(
            "new Promise(done => { addEventListener('hashchange', () => done(true), "
            f"{{once: true}}); if (location.hash === {json.dumps(hash_)}) done(true); "
            f"location.hash = {json.dumps(hash_)}; }})"
        )

    def reload(self) -> None:
        self.command("Page.reload")
        self.wait()

    def wait(self) -> None:
        """Waits until the page is loaded and, with scripts, drawn."""
        loaded = "document.readyState === 'complete' && location.protocol === 'file:'"
        while not self.ask(loaded):
            time.sleep(0.01)
        if self._scripts:
            self.command("Page.bringToFront")  # a tab behind draws nothing
            frame = "new Promise(done => requestAnimationFrame(() => done(true)))"
            self.ask(frame)
            self.ask(frame)

    def ask(self, expression: str) -> Any:
        """The value of an expression in the page; promises are waited for."""
        result = self.command(
            "Runtime.evaluate",
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        assert "exceptionDetails" not in result, (expression, result)
        return result["result"].get("value")

    def press(self, key: str) -> None:
        """Presses and releases a key, a character or one of `KEYS`."""
        code, text = KEYS.get(key, (0, key))
        pressed = {"key": key, "windowsVirtualKeyCode": code}
        self.command("Input.dispatchKeyEvent", type="keyDown", text=text, **pressed)
        self.command("Input.dispatchKeyEvent", type="keyUp", **pressed)

    def click(self, selector: str) -> None:
        """Clicks the middle of the first part of the element that fits."""
        found = f"document.querySelector({json.dumps(selector)})"
        self.ask(f"{found}.scrollIntoView({{block: 'center'}})")
        self.wait()
        place = self.ask(
            f"(() => {{ const box = {found}.getClientRects()[0]; "
            "return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.command(
                "Input.dispatchMouseEvent",
                type=kind,
                x=place[0],
                y=place[1],
                button="left",
                clickCount=1,
            )

    def resize(self, width: int, height: int) -> None:
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def prefer(self, scheme: str) -> None:
        """Sets the colour scheme, `light` or `dark`."""
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.command("Emulation.setEmulatedMedia", features=[feature])

    def poor_contrast(self) -> list[Any]:
        """What of the page is hard to read: tag, class and ratio."""
        found: list[Any] = self.ask(CONTRAST)
        return found

    def screenshot(self) -> bytes:
        """The visible part as PNG."""
        return base64.b64decode(self.command("Page.captureScreenshot")["data"])

    def pdf(self) -> bytes:
        """The page as it is printed."""
        printed = self.command("Page.printToPDF", printBackground=True)
        return base64.b64decode(printed["data"])
