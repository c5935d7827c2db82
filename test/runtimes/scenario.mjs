// The facts about the built package that hold on every runtime. They use only web standards, so that
// Node, Bun, Deno and workerd run the same file.
import {
  createBenjiClient,
  createConfirmHandler,
  createConnectTokenHandler,
  createTestWebhook,
  createWebhookHandler,
  verifyWebhook,
} from "react-benji-connect/server";

const KEY = "sandbox-api-key";
const SALT = "test-salt";
const PAGE = "https://www.shop.example";
const ROUTE = "https://api.shop.example/api/benji";
const USER = { id: "ada" };
const UUID = "0b6f2c6e-2f4b-4a53-9f0e-6f3b1c9a7d10";

/** Runs every fact; `urls` name the servers that the runner has started. */
export async function runScenario(urls) {
  const failed = [];
  const facts = Object.entries(factsWith(urls));
  for (const [name, fact] of facts) {
    try {
      await fact();
    } catch (error) {
      failed.push(`${name}: ${error?.message ?? error}`);
    }
  }
  return { passed: facts.length - failed.length, failed };
}

const factsWith = ({ sandboxUrl, trapUrl, closedUrl }) => {
  const token = (overrides) =>
    createConnectTokenHandler({
      apiKey: KEY,
      baseUrl: sandboxUrl,
      getUser: () => USER,
      createRequest: ({ user }) => ({
        partnershipId: 49,
        mode: "transfer",
        userExternalId: user.id,
        actions: [{ mode: "transfer", amount: 100, allowsEditing: false }],
      }),
      ...overrides,
    });
  const confirm = () =>
    createConfirmHandler({
      apiKey: KEY,
      getUser: () => USER,
      isConfirmed: ({ claim, flow }) => ({ ...claim, mode: flow.mode }),
    });
  const ask = (overrides, options) =>
    createBenjiClient({ apiKey: KEY, baseUrl: sandboxUrl, ...overrides }).createConnectToken(
      { partnershipId: 49, mode: "connect" },
      options,
    );

  return {
    "the token route gets a token with the platform's own fetch": async () => {
      const response = await token()(post({}));
      equal(response.status, 200);
      equal(response.headers.get("cache-control"), "no-store");
      const { connect_url, token: text } = await response.json();
      equal([connect_url, typeof text], [`${sandboxUrl}/49`, "string"]);
    },
    "createConnectUrl returns the address with the token": async () => {
      const client = createBenjiClient({ apiKey: KEY, baseUrl: sandboxUrl });
      const url = new URL(await client.createConnectUrl({ partnershipId: 49, mode: 1 }));
      equal([url.origin, url.searchParams.has("connect_token")], [sandboxUrl, true]);
    },
    "the request to Benji has the documented form": async () => {
      let asked;
      const spy = (url, { method, headers, body }) => {
        asked = [method, url, headers["x-api-key"], JSON.parse(body)];
        return Response.json({ code: "ok", data: { token: "t", connect_url: "" } });
      };
      equal((await token({ baseUrl: "https://api.benji.test", fetch: spy })(post({}))).status, 200);
      const action = { mode: 3, amount: 100, allows_editing: false };
      equal(asked, [
        "POST",
        "https://api.benji.test/auth/connect",
        KEY,
        {
          partnership_id: 49,
          mode: 3,
          user_external_id: "ada",
          custom_attributes: { actions: [action] },
        },
      ]);
    },
    "a request of another site is refused": () =>
      refused(token()(post({}, { "sec-fetch-site": "cross-site" })), 403, "cross_site"),
    "a request of another origin in an older browser is refused": async () => {
      const headers = { "content-type": "application/json", origin: "https://evil.example" };
      const request = new Request(ROUTE, { method: "POST", headers, body: "{}" });
      await refused(token()(request), 403, "cross_site");
    },
    "an HTML form is refused": () =>
      refused(token()(post({}, { "content-type": "text/plain" })), 415, "unsupported_media_type"),
    "a GET request is refused": () =>
      refused(token()(new Request(ROUTE)), 405, "method_not_allowed"),
    "a request without a user is refused": () =>
      refused(token({ getUser: () => null })(post({})), 401, "unauthenticated"),
    "a rate-limited request is refused": () =>
      refused(token({ isRateLimited: () => true })(post({})), 429, "too_many_requests"),
    "a body that is too large is refused": () =>
      refused(token()(post({ text: "x".repeat(17_000) })), 413, "body_too_large"),
    "a body that is not JSON in UTF-8 is refused": () =>
      refused(token()(post(latin1('{"name":"Zoë"}'))), 400, "invalid_json"),
    "an allowed origin gets CORS headers with credentials": async () => {
      const answer = token({ allowedOrigins: [PAGE] });
      const asked = "authorization,content-type,traceparent";
      const headers = {
        origin: PAGE,
        "access-control-request-method": "POST",
        "access-control-request-headers": asked,
      };
      const preflight = await answer(new Request(ROUTE, { method: "OPTIONS", headers }));
      const response = await answer(post({}, { "sec-fetch-site": "same-site", origin: PAGE }));
      equal([preflight.status, response.status], [204, 200]);
      equal(preflight.headers.get("access-control-allow-headers"), asked);
      for (const { headers } of [preflight, response]) {
        equal(headers.get("access-control-allow-origin"), PAGE);
        equal(headers.get("access-control-allow-credentials"), "true");
      }
    },
    "another origin gets no CORS headers": async () => {
      const headers = { origin: "https://evil.example", "access-control-request-method": "POST" };
      const request = new Request(ROUTE, { method: "OPTIONS", headers });
      const preflight = await token({ allowedOrigins: [PAGE] })(request);
      equal([preflight.status, preflight.headers.get("access-control-allow-origin")], [405, null]);
    },
    "the state cookie has the prefix __Host-": async () => {
      const [line] = (await token()(post({ state: newState() }))).headers.getSetCookie();
      matches(
        line,
        /^__Host-benji-[\w-]{43}=[\w-]+\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=3600$/,
      );
    },
    "the state cookie on http loopback is one that WebKit keeps": async () => {
      const answer = token({ publicOrigin: "http://localhost:3000" });
      const [line] = (await answer(post({ state: newState() }))).headers.getSetCookie();
      matches(
        line,
        /^benji-[\w-]{43}=[\w-]+\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=3600$/,
      );
    },
    "a sixth state sends two Set-Cookie headers": async () => {
      const start = async (headers) =>
        (await token()(post({ state: newState() }, headers))).headers.getSetCookie();
      const cookies = [];
      for (let n = 0; n < 5; n++) cookies.push((await start())[0].split(";")[0]);
      const lines = await start({ cookie: cookies.join("; ") });
      equal(lines.length, 2);
      matches(lines[0], /^__Host-benji-[\w-]{43}=; .*Max-Age=0$/);
    },
    "a return is confirmed again, and another claim of its state is refused": async () => {
      const state = newState();
      const [line] = (await token()(post({ state }))).headers.getSetCookie();
      const [cookie] = line.split(";");
      const answer = confirm();
      const claim = { status: "success", state, benjiUserUuid: "uuid-1" };
      for (const _ of ["once", "again"]) {
        const response = await answer(post(claim, { cookie }));
        equal(await response.json(), {
          status: "success",
          benjiUserUuid: "uuid-1",
          mode: "transfer",
        });
      }
      const other = { ...claim, benjiUserUuid: "uuid-2" };
      await refused(answer(post(other, { cookie })), 409, "claim_conflict");
    },
    "a cookie whose name begins with another space is refused": async () => {
      const state = newState();
      const [line] = (await token()(post({ state }))).headers.getSetCookie();
      const [cookie] = line.split(";");
      const claim = { status: "success", state };
      equal((await confirm()(post(claim, { cookie: `a=b; \t${cookie}` }))).status, 200);
      for (const space of ["\u00a0", "\u2000", "\ufeff", "\v"]) {
        const request = requestOrNothing(claim, { cookie: `a=b;${space}${cookie}` });
        if (request) await refused(confirm()(request), 403, "state_not_bound");
      }
    },
    "a cookie header of many spaces is parsed": async () => {
      const cookie = `a=b; x${" \t".repeat(6_000)}y; c=d`;
      await refused(
        confirm()(post({ status: "success", state: newState() }, { cookie })),
        403,
        "state_not_bound",
      );
    },
    "a native app is identified by its header and its binding, and not by a cookie": async () => {
      const getUser = ({ headers }) =>
        headers.has("cookie") ? null : headers.get("authorization") && USER;
      const app = { apiKey: KEY, getUser, appHeader: "authorization" };
      const headers = { authorization: "Bearer t", cookie: "session=eve" };
      const state = newState();
      const response = await token(app)(postFromApp({ state }, headers));
      equal([response.status, response.headers.getSetCookie()], [200, []]);
      const { binding } = await response.json();
      const answer = createConfirmHandler({ ...app, isConfirmed: () => true });
      const claim = { status: "success", state };
      equal((await answer(postFromApp({ ...claim, binding }, headers))).status, 200);
      await refused(answer(postFromApp(claim, headers)), 403, "state_not_bound");
      await refused(token(app)(postFromApp({ state }, { cookie: "a=b" })), 403, "cross_site");
    },
    "a page of another origin is refused, even with Sec-Fetch-Site: same-origin": () =>
      refused(token()(post({}, { origin: "https://evil.example" })), 403, "cross_site"),
    "a return in another browser is not confirmed": () =>
      refused(confirm()(post({ status: "success", state: newState() })), 403, "state_not_bound"),
    "a webhook signed in hex is accepted": () => webhook({}),
    "a webhook signed in base64 is accepted": () => webhook({ encoding: "base64" }),
    "a webhook of the older form is accepted with signed: body": async () => {
      const signed = "body";
      const request = await createTestWebhook({ event: "e" }, { salt: SALT, signed });
      equal((await verifyWebhook(request, { salt: [SALT, "other"], signed })).event, "e");
    },
    "a webhook with another timestamp is refused": async () => {
      const signed = await createTestWebhook({ event: "e" }, { salt: SALT });
      const headers = new Headers(signed.headers);
      headers.set("x-benji-timestamp", new Date(Date.now() + 60_000).toUTCString());
      const body = await signed.text();
      const request = new Request(signed.url, { method: "POST", headers, body });
      await rejects(verifyWebhook(request, { salt: SALT }), "signature_wrong");
    },
    "a webhook is handled once, and fetchUser calls Benji": async () => {
      const user = { uuid_id: UUID, id: 7, merchants: [], partner_status_tiers: [] };
      const asked = [];
      const names = [];
      const answer = createWebhookHandler({
        salt: SALT,
        apiKey: KEY,
        baseUrl: "https://api.benji.test",
        fetch: (url, { method }) => {
          asked.push(`${method} ${url}`);
          return Response.json({ code: "ok", data: { user } });
        },
        on: {
          user_partner_authentication_created: async ({ fetchUser }) =>
            names.push((await fetchUser()).id),
        },
      });
      const event = { event: "user_partner_connected", entityType: "user", entityId: UUID };
      const request = await createTestWebhook(event, { salt: SALT });
      for (const copy of [request.clone(), request]) equal((await answer(copy)).status, 204);
      equal([asked, names], [[`GET https://api.benji.test/users/${UUID}`], ["7"]]);
    },
    "a body larger than its content-length and the limit is refused": () =>
      refused(token()(post(streamOf80kB(), { "content-length": "2" })), 413, "body_too_large"),
    "a webhook with another body is refused": async () => {
      const signed = await createTestWebhook({ event: "transaction_created" }, { salt: SALT });
      const body = (await signed.clone().text()).replace("created", "deleted");
      const { headers } = signed;
      const request = new Request(signed.url, { method: "POST", headers, body });
      await rejects(verifyWebhook(request, { salt: SALT }), "signature_wrong");
    },
    "a webhook with another salt is refused": async () => {
      const request = await createTestWebhook({ event: "transaction_created" }, { salt: "other" });
      await rejects(verifyWebhook(request, { salt: SALT }), "signature_wrong");
    },
    "a webhook of last week is refused": async () => {
      const date = new Date(Date.now() - 7 * 86_400_000);
      await rejects(webhook({ date }), "date_out_of_window");
    },
    "a wrong key is reported as api_rejected": () =>
      rejects(ask({ apiKey: "wrong-key" }), "api_rejected", 401),
    "an unreachable Benji is reported as api_unreachable": () =>
      rejects(ask({ baseUrl: closedUrl }), "api_unreachable"),
    "an answer that never comes is reported as api_timeout": () =>
      rejects(ask({ baseUrl: `${trapUrl}/slow`, timeoutMs: 200 }), "api_timeout"),
    "a call that is aborted is reported as aborted": async () => {
      const caller = new AbortController();
      setTimeout(() => caller.abort(), 50);
      const { signal } = caller;
      await rejects(ask({ baseUrl: `${trapUrl}/slow` }, { signal }), "aborted");
    },
    "a redirect is not followed, but reported as api_malformed": () =>
      rejects(ask({ baseUrl: `${trapUrl}/redirect` }), "api_malformed", 307),
    "an HTML answer is reported as api_malformed": () =>
      rejects(ask({ baseUrl: `${trapUrl}/html` }), "api_malformed"),
    "an invalid mode is refused": async () => {
      const client = createBenjiClient({ apiKey: KEY, baseUrl: sandboxUrl });
      await rejects(client.createConnectToken({ partnershipId: 49, mode: 2 }), "invalid_request");
    },
    "createBenjiClient throws in a browser": () => {
      globalThis.document = {};
      try {
        throwsCode(
          () => createBenjiClient({ apiKey: KEY, baseUrl: sandboxUrl }),
          "invalid_request",
        );
      } finally {
        delete globalThis.document;
      }
    },
  };
};

async function webhook(options) {
  const webhook = { event: "transaction_created", entityType: 3, entityId: 243 };
  const request = await createTestWebhook(webhook, { salt: SALT, ...options });
  const { event, entityType, entityId } = await verifyWebhook(request, { salt: SALT });
  equal([event, entityType, entityId], ["transaction_created", "transaction", "243"]);
}

const newState = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const text = btoa(String.fromCharCode(...bytes));
  return `benji.${text.replaceAll("+", "-").replaceAll("/", "_").replace("=", "")}`;
};

/** A body of 80 kB, which a request may send with a smaller content-length. */
function streamOf80kB() {
  let left = 10;
  return new ReadableStream({
    pull: (controller) =>
      left-- > 0 ? controller.enqueue(new Uint8Array(8_192).fill(32)) : controller.close(),
  });
}

const latin1 = (text) => Uint8Array.from(text, (character) => character.charCodeAt(0));

function post(body, headers = {}) {
  const own = { "content-type": "application/json", "sec-fetch-site": "same-origin", ...headers };
  const isRaw = body instanceof Uint8Array || body instanceof ReadableStream;
  const init = { method: "POST", headers: own, body: isRaw ? body : JSON.stringify(body) };
  return new Request(ROUTE, { ...init, duplex: "half" });
}

/** The request, or `undefined` if the runtime itself refuses such a header. */
function requestOrNothing(body, headers) {
  try {
    return post(body, headers);
  } catch {
    return undefined;
  }
}

function postFromApp(body, headers) {
  const own = { "content-type": "application/json", ...headers };
  return new Request(ROUTE, { method: "POST", headers: own, body: JSON.stringify(body) });
}

async function refused(answering, status, error) {
  const response = await answering;
  equal([response.status, await response.json()], [status, { error }]);
}

async function rejects(promise, code, httpStatus) {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  checkError(error, code, httpStatus);
}

function throwsCode(run, code) {
  try {
    run();
  } catch (error) {
    return checkError(error, code);
  }
  throw new Error(`expected ${code}; nothing was thrown`);
}

function checkError(error, code, httpStatus) {
  equal(error?.code ?? String(error), code);
  if (httpStatus !== undefined) equal(error.httpStatus, httpStatus);
  const everything = [
    error.message,
    error.stack,
    JSON.stringify(error),
    String(error.cause?.stack),
  ];
  if (everything.join().includes(KEY)) throw new Error("the error contains the key");
}

function equal(actual, expected) {
  const [came, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (came !== wanted) throw new Error(`expected ${wanted}, came ${came}`);
}

function matches(text, pattern) {
  if (!pattern.test(text)) throw new Error(`expected ${pattern}, came ${text}`);
}
