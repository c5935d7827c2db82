// Records what is logged in development, for explain.options.test.ts and explain.failures.test.ts.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, vi } from "vitest";
import type { ConnectFlowOptions } from "../../src/core/createConnectFlow.js";
import { forgetWhatWasSaid } from "../../src/core/explain/logMistake.js";
import { createTab } from "./createTab.js";

/** A token, which no message may contain. */
export const SECRET = "tok-secret";

/** The texts that were logged in this test. */
export let said: string[];
beforeEach(() => {
  said = [];
  forgetWhatWasSaid();
  vi.spyOn(console, "warn").mockImplementation((text: string) => void said.push(text));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Checks that one message was logged, in the common form and without a secret. */
export function expectMessage(pattern: RegExp): void {
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(pattern);
  expect(said[0]).toMatch(
    /^react-benji-connect: .+: expected .+, got .+\. .+[.?)] See react-benji-connect\/docs\/\S+\.md\S*$/,
  );
  expect(said[0]).not.toContain(SECRET);
  expect(said[0]).not.toContain("benji.");
  expectHeading(said[0]?.split("/docs/")[1] ?? "");
}

/** Checks that the linked page and heading exist in docs/. */
function expectHeading(link: string): void {
  const [page = "", heading] = link.split("#");
  const text = readFileSync(join("docs", page), "utf8");
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => slug(heading));
  if (heading !== undefined) expect(headings).toContain(heading);
}

const slug = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");

/** Creates a flow with options that only JavaScript can give. */
export const flowWith = (options: object) => createTab().flow(options as ConnectFlowOptions);
