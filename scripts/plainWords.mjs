// Part of `npm run lint`: finds words whose meaning a reader has to guess, in comments, names and docs.
// docs/decisions/ is left out: decisions are history and are not rewritten.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const INSTEAD = [
  [/burn(?:s|t|ed|ing)?/, "use up, invalidate"],
  [/bent/, "altered, malformed"],
  [/mint(?:s|ed|ing)?/, "issue, create"],
  [/call(?:s|ed|ing)? (?:\w+ )?off/, "abort"],
  [/jars?/, "cookie store"],
  [/spoil\w*/, "invalidate"],
];

/** Matches a word on its own, or in a camelCase name, where a capital begins it or follows it. */
function anywhere({ source }) {
  const capital = source.replace(/^./, (letter) => letter.toUpperCase());
  return new RegExp(`(?:(?<![A-Za-z])(?:${source})|(?:${capital}))(?![a-z])`, "g");
}

/**
 * Returns a message for each such word in a text, with the words to use instead.
 * @param {string} text
 */
export const plainWordFaults = (text) =>
  text
    .split("\n")
    .flatMap((line, index) =>
      INSTEAD.flatMap(([word, instead]) =>
        [...line.matchAll(anywhere(word))].map(
          ([found]) => `${index + 1}: "${found}": write ${instead}`,
        ),
      ),
    );

const isChecked = (/** @type {string} */ file) =>
  /\.(?:[cm]?[jt]sx?|md|txt|css)$/.test(file) &&
  !/^(?:docs\/decisions\/|scripts\/plainWords|test\/package\/plainWords|.*\/env\.d\.ts)/.test(file);

function check() {
  const files = execFileSync("git", ["ls-files"], { encoding: "utf8" }).split("\n");
  const faults = files
    .filter((file) => isChecked(file) && existsSync(file))
    .flatMap((file) =>
      plainWordFaults(readFileSync(file, "utf8")).map((fault) => `${file}:${fault}`),
    );
  if (faults.length === 0) return;
  console.error(faults.join("\n"));
  process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) check();
