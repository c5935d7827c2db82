import { ensure } from "../../../scripts/ensure-browser.mjs";
import { findFirefox, findWebKit } from "../../../scripts/engines.mjs";
import { launchChromium, launchFirefox } from "./puppeteer.js";
import type { Engine, OnComplaint } from "./visitor.js";
import { launchWebKit } from "./webdriver.js";

/** The engine of this run: vite.config.ts sets ENGINE for each project. */
export const engineName = process.env["ENGINE"] ?? "chromium";

export async function launchEngine(onComplaint: OnComplaint): Promise<Engine> {
  switch (engineName) {
    case "chromium":
      return launchChromium(await ensure({ install: false }), onComplaint);
    case "firefox":
      return launchFirefox(here(findFirefox()), onComplaint);
    case "webkit":
      return launchWebKit(here(findWebKit()));
    default:
      throw new Error(`There is no engine named ${engineName}.`);
  }
}

function here<T>(found: T | undefined): T {
  if (found === undefined) throw new Error(`${engineName} is not installed here.`);
  return found;
}
