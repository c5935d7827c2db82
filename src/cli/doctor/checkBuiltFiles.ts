import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import { type Finding, ok, unknown, wrong } from "./finding.js";

const KEY_NAME = "BENJI_API_KEY";
const TEXTS = /\.(?:[cm]?js|html?|css|json|map|txt)$/;
const MAX_BYTES = 20_000_000;

/** Looks for the API key, and for its name, in the files that browsers load. */
export async function checkBuiltFiles(
  folder: string,
  apiKey: string | undefined,
): Promise<Finding> {
  const check = "built files";
  let names: string[];
  try {
    names = (await readdir(folder, { recursive: true })).filter((name) => TEXTS.test(name));
  } catch {
    return wrong(check, `There is no folder ${folder}.`, "Build the app, or correct --built.");
  }
  const hits: { name: string; isKey: boolean }[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const { size } = await stat(path);
    const text = size > MAX_BYTES ? "" : await readFile(path, "utf8");
    const isKey = apiKey !== undefined && apiKey.length >= 8 && text.includes(apiKey);
    if (isKey || text.includes(KEY_NAME)) hits.push({ name, isKey });
  }
  const withKey = hits.filter(({ isKey }) => isKey);
  if (withKey.length > 0)
    return wrong(
      check,
      `The API key is in ${listOf(withKey)}.`,
      "Have Benji replace the key today; then use it on the server only.",
    );
  if (hits.length > 0)
    return wrong(
      check,
      `The name ${KEY_NAME} is in ${listOf(hits)}.`,
      "Code of your server was built into the browser's files: import it from server code only.",
    );
  if (names.length === 0) return unknown(check, `${folder} holds no files that a browser loads.`);
  const looked = `${names.length} files do not name the API key`;
  return ok(check, apiKey === undefined ? `${looked}; its value is not known here.` : `${looked}.`);
}

const listOf = (hits: readonly { name: string }[]) =>
  hits
    .slice(0, 3)
    .map(({ name }) => name)
    .join(", ") + (hits.length > 3 ? ` and ${hits.length - 3} more` : "");
