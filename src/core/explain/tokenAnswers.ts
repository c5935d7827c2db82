import { TOKEN_ANSWER } from "../../contract.js";
import { fieldOf, isObject, isThenable, kindOf } from "./describeValue.js";
import { say } from "./logMistake.js";

const EXPECTED = "a Response, { token, connect_url } or Benji's { code, data }";
const SEE = "errors.md#token_malformed";

const sayAnswer = (came: string, todo: string): void =>
  say("the answer of fetchConnectToken", { expected: EXPECTED, came, todo, see: SEE });

/** Explains an unusable return value of `fetchConnectToken`, or unusable JSON of its `Response`. */
export function explainTokenAnswer(answer: unknown): void {
  const [came, todo] = likenessOf(answer);
  sayAnswer(came, todo);
}

/** Describes the answer, with field names from our own list only and never with a value. */
function likenessOf(answer: unknown): [came: string, todo: string] {
  if (answer === undefined)
    return ["nothing", "Is a return missing? A function with braces answers only what it returns."];
  if (typeof answer === "string") return likenessOfText(answer);
  if (typeof answer === "function")
    return ["a function", "Call it: a Response is read by response.json(), with parentheses."];
  if (!isObject(answer)) return [kindOf(answer), "Answer the token route's JSON as it is."];
  if (Array.isArray(answer)) return ["a list", "Answer the one object in it."];
  const has = (...names: string[]) => names.every((name) => fieldOf(answer, name) !== undefined);
  if (has("config", "headers", "status") && "data" in answer)
    return ["what looks like a response of axios", "Return response.data."];
  if (has("status") && has("body") && "ok" in answer)
    return ["what looks like a response of another HTTP library", "Return its JSON (its body)."];
  if ("json" in answer && typeof answer["json"] === "function")
    return ["an object with a json() method", "Return await response.json()."];
  if (has("errors") && !has("token"))
    return ["what looks like an answer of GraphQL with errors", "Read the errors on your server."];
  if (typeof fieldOf(answer, "error") === "string" && !has("token"))
    return [
      "a refusal of the token route, { error }",
      "Return the Response itself, so that its status is seen; docs/server.md lists the refusals.",
    ];
  if (has(TOKEN_ANSWER.code) && fieldOf(answer, TOKEN_ANSWER.code) !== TOKEN_ANSWER.codeOk)
    return [
      "Benji's envelope of an error",
      "Benji refused on your server's side: look at the key, the partnership and the input there.",
    ];
  if (has("data") && !has(TOKEN_ANSWER.code))
    return ["an object with data and no code", "Return its data, which must hold token."];
  return likenessOfToken(has("data") ? answer["data"] : answer);
}

function likenessOfText(text: string): [came: string, todo: string] {
  if (/^\s*</.test(text))
    return [
      "HTML",
      "A page answered in place of the token route: a login, a 404 or the app itself. Check the URL.",
    ];
  if (/^\s*[{[]/.test(text)) return ["JSON as text", "Return the object, or the Response itself."];
  return [
    "bare text",
    "If it is the token, answer { token, connect_url } with both of Benji's fields.",
  ];
}

const OTHER_TOKENS = ["connectToken", "connect_token", "accessToken", "access_token", "benjiToken"];
const OTHER_URLS = ["url", "connectURL", "hostedConnectUrl", "hosted_connect_url", "redirectUrl"];

function likenessOfToken(body: unknown): [came: string, todo: string] {
  const token = fieldOf(body, TOKEN_ANSWER.token);
  if (isThenable(token)) return ["a promise as token", "Await it before you answer."];
  if (isObject(token)) return ["an object as token", "Answer its text."];
  if (token === "") return ["an empty token", "Look at what your server answers."];
  if (typeof token === "string") {
    const other = OTHER_URLS.find((name) => fieldOf(body, name) !== undefined);
    return [
      `${kindOf(fieldOf(body, TOKEN_ANSWER.connectUrl) ?? fieldOf(body, "connectUrl"))} as connect_url`,
      other ? `Call ${other} connect_url.` : "Answer Benji's connect_url as it is, as text.",
    ];
  }
  if (token !== undefined) return [`${kindOf(token)} as token`, "Answer it as text."];
  const other = OTHER_TOKENS.find((name) => fieldOf(body, name) !== undefined);
  return other
    ? [`an object whose token is called ${other}`, "Call it token."]
    : ["an object without token", "Answer the token route's JSON as it is."];
}

/** Explains a `Response` with an unusable status or header. Does not read its body. */
export function explainTokenResponse(response: Response): void {
  const { ok, status, type } = response;
  if (response.bodyUsed)
    return sayAnswer(
      "a Response whose body was read before",
      "Return it unread, or return what you have read; a log can read response.clone().",
    );
  if (type === "opaque" || type === "opaqueredirect")
    return sayAnswer(
      "a Response that the browser hides",
      'Take mode: "no-cors" and redirect: "manual" out of the request.',
    );
  if (!ok) return explainStatus("the token route", status);
  const media = response.headers.get("content-type") ?? "";
  if (/html/i.test(media))
    sayAnswer(
      response.redirected ? "HTML, after a redirect" : "HTML",
      response.redirected
        ? "The token route sent the request on, often to a login. Let it answer 401 instead."
        : "A page answered in place of the token route: a login, a 404 or the app itself. Check the URL.",
    );
}

const BY_STATUS: Readonly<Record<number, string>> = {
  400: "Is the body JSON.stringify(request)? With the route's URL instead of a function we send it ourselves.",
  401: "Nobody is signed in there, or the cookie was not sent: see credentials for another origin.",
  403: "The route takes its own pages only: is publicOrigin what the browser shows, or allowedOrigins missing?",
  404: "No route is there: check path and method, and the proxy of your dev server.",
  405: "The route takes POST only.",
  413: "The body is larger than 16 kB: send the request as it is.",
  415: "Send the header content-type: application/json.",
  429: "A rate limiter refused.",
  502: "Your server got no token from Benji: a wrong key, baseUrl or request? Its console, or onError, says which.",
  504: "Benji did not answer your server in time: its console, or onError, says more.",
};

export function explainStatus(who: string, status: number): void {
  const todo =
    BY_STATUS[status] ??
    (status >= 500
      ? "It failed itself: look at onError, or the console, of your server."
      : "Look at it in the network panel.");
  say(who, {
    expected: "HTTP 200",
    came: `HTTP ${status}`,
    todo,
    see: "server.md#refusals",
  });
}
