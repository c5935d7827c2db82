import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const PROGRAM = fileURLToPath(new URL("../../scripts/ensure-browser.mjs", import.meta.url));
const isLinux = process.platform === "linux";
const isRootOnDebian = isLinux && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");

describe.runIf(isLinux)("on a machine without a browser", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "no-browser-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs the browser script with `folder` as the home and the PATH, without npm's headless shell. */
  function lookForChromium(env: Record<string, string> = {}) {
    const { status, stderr } = spawnSync(process.execPath, [PROGRAM], {
      encoding: "utf8",
      env: { PATH: folder, HOME: folder, BROWSER_SOURCE: "system", ...env },
    });
    return { status, lines: stderr.trim().split("\n") };
  }

  const NONE =
    "ensure-browser: no Chromium here. Install Chrome or Chromium, or set CHROMIUM_PATH to its executable.";

  it("with BROWSER_INSTALL=no the browser script installs nothing and prints one line that says what to do", () => {
    expect(lookForChromium({ BROWSER_INSTALL: "no" })).toEqual({ status: 1, lines: [NONE] });
  });

  it("if CHROMIUM_PATH names a program that does not start, the browser script prints that path", () => {
    const { status, lines } = lookForChromium({ CHROMIUM_PATH: "/nowhere/chromium" });
    expect(status).toBe(1);
    expect(lines).toEqual(["ensure-browser: CHROMIUM_PATH=/nowhere/chromium does not start"]);
  });

  it.runIf(isRootOnDebian)(
    "as root the browser script prints what it will install, updates apt first, and prints one line for each failure",
    () => {
      const calls = join(folder, "calls");
      const aptGet = join(folder, "apt-get");
      writeFileSync(
        aptGet,
        `#!/bin/sh\necho "$*" >> "${calls}"\necho "W: slow\nE: no network\nmore" >&2\nexit 100\n`,
      );
      chmodSync(aptGet, 0o755);
      const { status, lines } = lookForChromium();
      expect(status).toBe(1);
      const update = "update -qq";
      const install = "install -y -qq --no-install-recommends chromium fonts-liberation";
      expect(readFileSync(calls, "utf8").trim().split("\n")).toEqual([update, install]);
      expect(lines).toEqual([
        expect.stringMatching(
          /installing chromium, .* for the whole system .*BROWSER_INSTALL=no leaves that out/,
        ),
        `ensure-browser: \`apt-get ${update}\` failed: E: no network`,
        `ensure-browser: \`apt-get ${install}\` failed: E: no network`,
        NONE,
      ]);
    },
  );
});
