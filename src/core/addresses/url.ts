/** Parses an address; returns `undefined` for an invalid one instead of throwing. */
export function toUrl(text: string, base?: string | URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

/** Whether browsers treat the host as this machine. */
export const isLoopback = (url: URL | undefined): boolean =>
  !!url && /^((.+\.)?localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
