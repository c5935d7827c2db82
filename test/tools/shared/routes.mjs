// Tests the two routes of benji.js over HTTP, for any server.
import assert from "node:assert/strict";

export const STATE = `benji.${"x".repeat(43)}`;

export const post = (url, body, headers) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

/** Checks that only a member gets a token, with a cookie by which the return is confirmed. */
export async function answersBothRoutes(url, origin) {
  const ask = (route, body, cookie) => post(`${url}/api/benji/${route}`, body, { origin, cookie });
  const stranger = await ask("connect-token", { state: STATE }, "session=eve");
  assert.equal(stranger.status, 401, await stranger.clone().text());
  const token = await ask("connect-token", { state: STATE, mode: "transfer" }, "session=ada");
  assert.equal(token.status, 200, await token.clone().text());
  assert.ok((await token.json()).token);
  const [cookie] = token.headers.getSetCookie();
  assert.match(cookie, /HttpOnly/);
  const claim = { status: "success", state: STATE, benjiUserUuid: "uuid", attempt: 1 };
  const confirm = await ask("confirm", claim, `session=ada; ${cookie.split(";")[0]}`);
  assert.equal(confirm.status, 200, await confirm.clone().text());
}

/** Checks that the server renders the callback page without the ids of its address. */
export async function saysNoIdIn(url) {
  const query = `status=success&benji_user_uuid=uuid-of-ada&trigger_event_id=event-7&state=${STATE}`;
  const response = await fetch(`${url}/callback?${query}`);
  const html = await response.text();
  assert.equal(response.status, 200, html);
  assert.match(html, /pending/);
  for (const word of ["uuid-of-ada", "event-7", STATE])
    assert.ok(!html.includes(word), `the HTML says ${word}: ${html}`);
}
