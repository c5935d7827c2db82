/** What says by which names the sandbox may be called. */
export interface HostOptions {
  readonly host?: string | undefined;
  readonly allowRemote?: boolean | undefined;
  readonly hosts?: Readonly<Record<string, string>> | undefined;
  readonly baseUrl?: string | undefined;
}

/**
 * Answers whether a hostname can be the sandbox's own. A public site can point its own name at this
 * machine (DNS rebinding), and its pages then count as the sandbox's in a browser; only the name
 * shows the difference.
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

/** An address, or a name that nobody can register: no public site can be called so. */
function isPrivateName(hostname: string): boolean {
  const isAddress = hostname.startsWith("[") || /^\d+(\.\d+){3}$/.test(hostname);
  return isAddress || !hostname.includes(".") || /\.(?:test|local|internal)$/.test(hostname);
}

/** As `URL` writes it, whether or not a port stands behind it. */
function hostnameOf(host: string | undefined): string {
  if (host === undefined) return "";
  const address = `http://${host}`;
  return URL.canParse(address) ? new URL(address).hostname : "";
}
