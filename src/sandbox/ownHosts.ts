/** The options that decide which hostnames are the sandbox's own. */
export interface HostOptions {
  readonly host?: string | undefined;
  readonly allowRemote?: boolean | undefined;
  readonly hosts?: Readonly<Record<string, string>> | undefined;
  readonly baseUrl?: string | undefined;
}

/**
 * Returns a function that checks whether a hostname is the sandbox's own. A public site can point its
 * own name at this machine (DNS rebinding), and its pages can then read the sandbox's answers; only the
 * hostname shows the difference.
 */
export function createOwnHosts(options: HostOptions): (hostname: string) => boolean {
  const { host, allowRemote = false, hosts = {}, baseUrl } = options;
  const named = [host, ...Object.keys(hosts)].map(hostnameOf);
  const base = baseUrl !== undefined && URL.canParse(baseUrl) ? new URL(baseUrl).hostname : "";
  const known = new Set([...named, base]);
  return (hostname) =>
    known.has(hostname) || isLocal(hostname) || (allowRemote && isPrivateName(hostname));
}

function isLocal(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

/** True for IP addresses and for names that nobody can register: DNS rebinding needs a public name. */
function isPrivateName(hostname: string): boolean {
  const isAddress = hostname.startsWith("[") || /^\d+(\.\d+){3}$/.test(hostname);
  return isAddress || !hostname.includes(".") || /\.(?:test|local|internal)$/.test(hostname);
}

/** Returns the hostname as `URL` writes it, with or without a port in the text. */
function hostnameOf(host: string | undefined): string {
  if (host === undefined) return "";
  const address = `http://${host}`;
  return URL.canParse(address) ? new URL(address).hostname : "";
}
