// Finds the browsers for the tests (Chromium: ensure-browser.mjs); installs missing ones as root on Debian.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { platform } from "node:os";
import { join } from "node:path";
import { ensure, installWithApt, onPath, works } from "./ensure-browser.mjs";

/** Each engine has a vitest project of the same name. */
export const ENGINES = ["chromium", "firefox", "webkit"];

/** Returns the path of a Firefox that starts: $FIREFOX_PATH, else the first one at its usual places. */
export function findFirefox() {
  const own = process.env.FIREFOX_PATH;
  if (own) return works(own) ? own : undefined;
  return onPath(["firefox-esr", "firefox"]) ?? FIREFOX_PLACES.find(works);
}

const FIREFOX_PLACES = [
  "/Applications/Firefox.app/Contents/MacOS/firefox",
  join(process.env.PROGRAMFILES ?? "", "Mozilla Firefox/firefox.exe"),
];

/** Returns the paths of WebKitGTK's driver and browser, and of an X server if there is no display. */
export function findWebKit() {
  const driver = pathOf("WebKitWebDriver");
  const browser = findMiniBrowser();
  const xvfb = process.env.DISPLAY ? undefined : pathOf("Xvfb");
  const canShow = process.env.DISPLAY || xvfb;
  return driver && browser && canShow ? { driver, browser, xvfb } : undefined;
}

const pathOf = (name) =>
  (process.env.PATH ?? "")
    .split(":")
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));

function findMiniBrowser() {
  const homes = ["/usr/libexec", "/usr/lib", "/usr/lib64", ...foldersIn("/usr/lib")];
  return homes
    .flatMap(foldersIn)
    .filter((folder) => /\/webkit(2gtk|gtk)-[\d.]+$/.test(folder))
    .map((folder) => join(folder, "MiniBrowser"))
    .find((path) => existsSync(path));
}

const foldersIn = (folder) =>
  existsSync(folder)
    ? readdirSync(folder)
        .map((name) => join(folder, name))
        .filter(isFolder)
    : [];

function isFolder(path) {
  try {
    readdirSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Finds or installs an engine. Returns `{ env, version }`, or the reason why not as `{ missing }`. */
export function ensureEngine(name) {
  switch (name) {
    case "chromium":
      return ensureChromium();
    case "firefox":
      return ensureFirefox();
    default:
      return ensureWebKit();
  }
}

async function ensureChromium() {
  try {
    const path = await ensure();
    return { env: { CHROMIUM_PATH: path }, version: versionOf(path) };
  } catch (error) {
    return { missing: error.message };
  }
}

function ensureFirefox() {
  const own = process.env.FIREFOX_PATH;
  if (own && !works(own)) return { missing: `FIREFOX_PATH=${own} does not start` };
  const path = findOrInstall(findFirefox, ["firefox-esr"]);
  return path ? { env: { FIREFOX_PATH: path }, version: versionOf(path) } : { missing: NOT_HERE };
}

function ensureWebKit() {
  const found = findOrInstall(findWebKit, ["webkit2gtk-driver", "xvfb", "xauth"]);
  return found ? { env: {}, version: "" } : { missing: NOT_HERE }; // prints no version without a display
}

const NOT_HERE = "not installed here. Install it, or run as root on Debian to have it installed";

const findOrInstall = (find, packages) => find() ?? (installWithApt(packages) ? find() : undefined);

/** Returns the version that it prints; empty on Windows, where `--version` would open a window. */
function versionOf(path) {
  if (platform() === "win32") return "";
  const { stdout } = spawnSync(path, ["--version"], { encoding: "utf8" });
  return /\d+\.\d+/.exec(stdout ?? "")?.[0] ?? "";
}
