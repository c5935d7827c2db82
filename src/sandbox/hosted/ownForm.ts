/**
 * Returns true if the sandbox's own page has sent a form. A public page can post one to this machine,
 * and the sandbox would then send webhooks signed with the developer's salt. Browsers name the sender
 * in `Sec-Fetch-Site` and `Origin`; a test or a terminal sends neither header.
 */
export function isOwnForm({ headers, url }: Request, baseUrl: string | undefined): boolean {
  const site = headers.get("sec-fetch-site") ?? "none";
  if (site !== "same-origin" && site !== "none") return false;
  const origin = headers.get("origin");
  if (origin === null) return true;
  const sender = hostOf(origin);
  return sender !== undefined && (sender === hostOf(url) || sender === hostOf(baseUrl));
}

/** Returns the host without the scheme: a proxy in front may use https where the sandbox uses http. */
function hostOf(address: string | undefined): string | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined;
  return new URL(address).host || undefined;
}
