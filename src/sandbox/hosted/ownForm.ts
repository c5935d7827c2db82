/**
 * Whether a form was sent by the sandbox's own page. A public page can post a form to this machine,
 * and what it starts would be signed with the developer's salt. Browsers tell in these two headers
 * who has sent a form; a test or a terminal sends neither.
 */
export function isOwnForm({ headers, url }: Request, baseUrl: string | undefined): boolean {
  const site = headers.get("sec-fetch-site") ?? "none";
  if (site !== "same-origin" && site !== "none") return false;
  const origin = headers.get("origin");
  if (origin === null) return true;
  const sender = hostOf(origin);
  return sender !== undefined && (sender === hostOf(url) || sender === hostOf(baseUrl));
}

/** Without the scheme: a proxy in front may speak https where the sandbox speaks http. */
function hostOf(address: string | undefined): string | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined;
  return new URL(address).host || undefined;
}
