import { checkBuiltFiles } from "./checkBuiltFiles.js";
import { checkCallback } from "./checkCallback.js";
import { type Finding, unknown } from "./finding.js";
import { checkInstalled } from "./checkInstalled.js";
import { checkKey } from "./checkApiKey.js";
import { checkToken, checkTokenRoute } from "./checkTokenRoute.js";

/** What the doctor checks. A check without its optional field is left out. */
export interface DoctorOptions {
  /** The shop's origin, as members see it. */
  readonly url: URL;
  /** Path of the callback page. */
  readonly callback: string;
  /** Path or address of the token route. */
  readonly tokenRoute: string;
  /** The folder that holds `node_modules`. */
  readonly folder: string;
  /** The folder of the files that browsers load. */
  readonly built?: string;
  /** `true`: requests one token, never used, from the token route. */
  readonly createsToken: boolean;
  /** If set, requests one token, never used, from Benji. */
  readonly benji?: { readonly api: string; readonly partnershipId: string };
  readonly apiKey?: string;
  /** The `Cookie` header of a signed-in test member. */
  readonly cookie?: string;
}

/** Checks a running integration, and returns the findings of each check. */
export async function examine(options: DoctorOptions): Promise<readonly Finding[]> {
  const { url, built, benji, apiKey } = options;
  const callback = new URL(options.callback, url);
  const tokenRoute = new URL(options.tokenRoute, url);
  return [
    ...(await checkCallback(callback, tokenRoute)),
    ...(await checkTokenRoute(tokenRoute)),
    ...(options.createsToken ? await checkToken(tokenRoute, url, options.cookie) : []),
    ...(benji && apiKey ? [await checkKey(benji.api, apiKey, benji.partnershipId)] : []),
    ...(await checkInstalled(options.folder)),
    ...(built === undefined ? [] : [await checkBuiltFiles(built, apiKey)]),
    unknown(
      "Redirect URL",
      "Only Pilot shows it.",
      `See that it is ${callback.href}, letter by letter.`,
    ),
  ];
}

const SIGNS = { ok: "ok     ", wrong: "WRONG  ", unknown: "unknown" } as const;

export function findingsText(findings: readonly Finding[]): string {
  const lines = findings.map(({ check, verdict, found, todo }) => {
    const line = `${SIGNS[verdict]}  ${check}: ${found}`;
    return todo === undefined ? line : `${line}\n         → ${todo}`;
  });
  const count = (verdict: Finding["verdict"]) =>
    findings.filter((finding) => finding.verdict === verdict).length;
  const sum = `${count("ok")} ok, ${count("wrong")} wrong, ${count("unknown")} that cannot be known from here.`;
  return [...lines, "", sum].join("\n");
}
