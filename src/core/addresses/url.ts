/** `undefined` where the text is no address, instead of a throw. */
export function toUrl(text: string, base?: string | URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

/** What a browser takes for this machine. */
export const isLoopback = (url: URL | undefined): boolean =>
  !!url && /^((.+\.)?localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
