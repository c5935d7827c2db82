import { READER_TYPES, START_TYPES } from "../checkOptions.js";
import { say } from "./logMistake.js";

/** The options of a start, a reader, a flow and the button, with which a misspelt name is compared. */
const knownNames = () => [
  ...Object.keys(START_TYPES),
  ...Object.keys(READER_TYPES),
  "appState",
  "storage",
  "navigate",
  "messages",
  "onEvent",
  "onError",
  "prefetch",
  "showError",
];

/** Names in other libraries or in Benji's documents, each with our name of the option. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  fetchToken: "fetchConnectToken",
  getToken: "fetchConnectToken",
  getConnectToken: "fetchConnectToken",
  fetchBenjiToken: "fetchConnectToken",
  tokenUrl: "fetchConnectToken",
  tokenEndpoint: "fetchConnectToken",
  connectUrl: "hostedConnectUrl",
  connect_url: "hostedConnectUrl",
  hostedUrl: "hostedConnectUrl",
  allowedHosts: "trustedHosts",
  points: "amount",
  user_external_id: "userExternalId",
  externalUserId: "userExternalId",
  onConfirm: "confirm",
};

const BELONGS_TO_PILOT = /^redirect_?(?:url|uri)$|^callback_?(?:url|uri)$/i;
const RESULT_CALLBACKS = /^on(?:Success|Result|Complete|Connected|Return|Exit|Finish|Link|Linked)$/;
const SECRETS = /api_?-?key|secret|webhook_?salt|^salt$/i;
const TOKENS = /^(?:connect_?)?token$/i;

/** Explains wrong option names. A name unlike ours is ignored: it is an attribute or the app's own. */
export function explainNames(options: object): void {
  const known = knownNames();
  const names = Object.keys(options).filter(
    (name) => !known.includes(name) && isGiven(options, name),
  );
  for (const name of names) explainName(name, typeof options[name as never] === "function");
}

const isGiven = (options: object, name: string) => options[name as never] !== undefined;

function explainName(name: string, isFunction: boolean): void {
  if (/^(?:data-|aria-)/.test(name)) return;
  // Prints the name, which is no secret; never prints its value.
  if (SECRETS.test(name))
    return say(`the option ${name}`, {
      expected: "no secret in the browser",
      came: "an option that is named like one",
      todo:
        "Everybody who opens the page can read it. Take it out, exchange the key in Pilot if the page " +
        "was public, and give it to createConnectTokenHandler on your server.",
      see: "server.md#the-two-routes",
    });
  if (TOKENS.test(name))
    return say(`the option ${name}`, {
      expected: "fetchConnectToken, which asks your server at each start",
      came: "a token, or an option named like one",
      todo: "A connect token is used once and is never a prop. Give the URL of your token route.",
      see: "quick-start.md",
    });
  if (BELONGS_TO_PILOT.test(name))
    return say(`the option ${name}`, {
      expected: "no address to come back to",
      came: "an option that is named like one",
      todo:
        "Benji sends the member to the Redirect URL that is set in Pilot. " +
        "For where they go afterwards, use returnTo.",
      see: "quick-start.md",
    });
  if (RESULT_CALLBACKS.test(name) && isFunction)
    return say(`the option ${name}`, {
      expected: "no callback for the result",
      came: "a function that nothing will call",
      todo:
        "The redirect ends on another page: read the result there with useBenjiRedirectResult " +
        "(or getResult of createConnectFlow).",
      see: "quick-start.md",
    });
  const meant = OTHER_NAMES[name] ?? closestName(name);
  if (meant)
    say(`the option ${name}`, {
      expected: `a name that is known here`,
      came: "one that is read by nobody",
      todo: `Did you mean ${meant}?`,
    });
}

/** Attributes of a `<button>` and props of React: similar to our names, but no mistakes. */
const NATIVE =
  /^(?:name|form|title|type|value|style|class|className|hidden|children|key|ref|id|onClick|onInput|onLoad|onWheel|onPaste|mode|modes|slot|part|role|port|paths|model|node|code|date|math|patch|batch|watch|catch|uri|src)$/;

function closestName(name: string): string | undefined {
  if (NATIVE.test(name)) return undefined;
  const plain = (text: string) => text.toLowerCase().replace(/[-_]/g, "");
  const [same] = knownNames().filter((known) => plain(known) === plain(name));
  if (same) return same;
  // Skips our short names, which are similar to many words.
  return knownNames().find(
    (known) => known.length >= 6 && isNear(plain(known), plain(name), known.length >= 10 ? 3 : 1),
  );
}

function isNear(one: string, other: string, limit: number): boolean {
  if (Math.abs(one.length - other.length) > limit) return false;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return (row[other.length] ?? 0) <= limit;
}
