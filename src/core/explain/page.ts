// What the development messages need of the browser. These functions are not ports, because a production
// bundle must not contain them. On a server, they find no address and no cookie.

/** Avoids `console.error`, which some test setups and error reporters treat as a crash. */
export const show = (text: string): void => console.warn(text);

export const isPage = (): boolean => typeof document === "object" && typeof location === "object";

export const pageUrl = (): string => (isPage() ? location.href : "");

/** The address that this page was loaded with, even if it has changed since. */
export const loadedUrl = (): string =>
  isPage() ? (performance.getEntriesByType?.("navigation")[0]?.name ?? "") : "";

/** Reads a built-in storage; `null` also where the browser denies access. */
export function builtInItem(choice: "session" | "local", key: string): string | null {
  try {
    return (choice === "local" ? localStorage : sessionStorage).getItem(key);
  } catch {
    return null;
  }
}

export const inMs = (callback: () => void, ms: number): void => void setTimeout(callback, ms);

export const nowMs = (): number => Date.now();

const COOKIE = "benji-connect-dev";

/** Writes a session cookie for the shortest parent domain that the browser allows. */
export function writeCookie(value: string): void {
  if (!isPage()) return;
  const text = `${COOKIE}=${encodeURIComponent(value)}; path=/; SameSite=Lax`;
  const labels = location.hostname.split(".");
  const isName = labels.length > 1 && !/^[\d.]+$/.test(location.hostname);
  // Browsers refuse a public suffix, such as "co.uk".
  for (let count = 2; isName && count <= labels.length; count++) {
    document.cookie = `${text}; domain=${labels.slice(-count).join(".")}`;
    if (readCookie() === value) return;
  }
  document.cookie = text;
}

export function readCookie(): string | undefined {
  if (!isPage()) return undefined;
  const pair = document.cookie.split("; ").find((one) => one.startsWith(`${COOKIE}=`));
  return pair && decodeURIComponent(pair.slice(COOKIE.length + 1));
}
