import type { Fetch } from "../../src/server/index.js";

/** The API key: tests check that no output contains it. */
export const KEY = "pk_canary_1f0e";
export const TOKEN = "0c371a1c-aa81-11ef-b28c-0a58a9feac02";
export const URL_OF_BENJI = "https://api.benji.test";
export const CONNECT_URL = "https://connect.withbenji.com/khkgfoud76td";

/** Benji's documented answer, not taken from the code under test. */
export const okAnswer = (data: unknown = { token: TOKEN, connect_url: CONNECT_URL }) =>
  Response.json({ code: "ok", data });

/** Makes the fake Benji API's response to a request. */
export type Answer = (request: Request) => Response | Promise<Response>;

/** A fake Benji API that records its requests and responds with `answer`. */
export function benjiAnswering(answer: Answer = () => okAnswer()) {
  const asked: { request: Request; body: unknown }[] = [];
  const fetch: Fetch = async (url, init) => {
    const request = new Request(url, init);
    asked.push({
      request,
      body: init.body === undefined ? undefined : await request.clone().json(),
    });
    return answer(request);
  };
  return { fetch, asked };
}

export const neverSettles = () => new Promise<Response>(() => {});

/** An error of Benji whose texts repeat the key. The key must not reach a message or a log. */
export const leakyJson = (status: number, code = `bad key ${KEY}`) =>
  Response.json({ code, message: `the key ${KEY} is unknown`, token: TOKEN }, { status });

export const html = (status: number) =>
  new Response(`<html><h1>Oops ${KEY}</h1></html>`, {
    status,
    headers: { "content-type": "text/html" },
  });

/** An answer whose body breaks off. */
export const brokenBody = (status = 200) =>
  new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"code":'));
        controller.error(new TypeError(`terminated ${KEY}`));
      },
    }),
    { status },
  );

/** An answer with headers and a body that never ends. */
export const endlessBody = () => new Response(new ReadableStream({ start() {} }));

/** A promise that the test resolves. */
export function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve: () => resolve() };
}
