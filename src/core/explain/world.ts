/**
 * What explanations need from the browser: the console, the address, a cookie and the built-in storages.
 * No ports, because production must not carry any of it. Absent on a server, where all of it is silent.
 */

/** Not `console.error`: some test setups and error reporters take that for a crash. */
export const show = (text: string): void => console.warn(text);

export const isPage = (): boolean => typeof document === "object" && typeof location === "object";

export const pageUrl = (): string => (isPage() ? location.href : "");

/** An item of one of the two built-in storages; `null` also where the browser denies it. */
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

/** A cookie of the browser session, for every host under the same domain that the browser allows. */
export function writeCookie(value: string): void {
  if (!isPage()) return;
  const text = `${COOKIE}=${encodeURIComponent(value)}; path=/; SameSite=Lax`;
  const labels = location.hostname.split(".");
  const isName = labels.length > 1 && !/^[\d.]+$/.test(location.hostname);
  // From the shortest on: browsers refuse a domain under which anybody can register, such as "com".
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
