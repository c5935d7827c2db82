// Starts each framework's file, as the documents show it, on a free port, and tests its routes.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { Server } from "node:net";
import { after, before, test } from "node:test";
import { listenSandbox } from "react-benji-connect/sandbox";
import { answersBothRoutes, post, STATE } from "./routes.mjs";

let sandbox;
const servers = [];
const { listen } = Server.prototype;

before(async () => {
  sandbox = await listenSandbox({ port: 0 });
  process.env["BENJI_API_KEY"] = "sandbox-api-key";
  process.env["BENJI_API_URL"] = sandbox.url;
  Server.prototype.listen = function (...args) {
    servers.push(this);
    const callback = args.findLast((arg) => typeof arg === "function");
    return listen.call(this, 0, "127.0.0.1", ...(callback ? [callback] : []));
  };
});

after(async () => {
  for (const server of servers) {
    server.closeAllConnections?.();
    server.close();
  }
  await sandbox.close();
});

async function open(file) {
  const earlier = servers.length;
  const module = await import(file);
  if (module.handler) createServer(asLambda(module.handler)).listen(0);
  const server = servers[earlier];
  if (!server.listening) await once(server, "listening");
  return `http://127.0.0.1:${server.address().port}`;
}

/** Simulates API Gateway, which calls the function for an HTTP request. */
const asLambda = (handler) => async (incoming, outgoing) => {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const { cookie, ...headers } = incoming.headers;
  const answer = await handler({
    rawPath: incoming.url,
    rawQueryString: "",
    headers,
    cookies: cookie?.split("; "),
    requestContext: { http: { method: incoming.method } },
    body: Buffer.concat(chunks).toString("base64"),
    isBase64Encoded: true,
  });
  outgoing.writeHead(answer.statusCode, { ...answer.headers, "set-cookie": answer.cookies });
  outgoing.end(answer.body);
};

for (const name of ["fastify", "koa", "nest", "h3", "h3-1", "elysia", "lambda"])
  test(`${name} answers with a token, remembers the flow in a cookie, and confirms it`, async () => {
    await answersBothRoutes(await open(`./${name}.js`), "https://shop.example");
  });

const listenersBehindParsers = {
  fastify: async (listener) => {
    const { default: Fastify } = await import("fastify");
    const app = Fastify();
    app.post("/*", (request, reply) => {
      reply.hijack();
      return listener(request.raw, reply.raw);
    });
    await app.listen({ port: 0 });
  },
  koa: async (listener) => {
    const { default: Koa } = await import("koa");
    const app = new Koa();
    app.use(async (context, next) => {
      for await (const _ of context.req); // what a body parser does
      return next();
    });
    app.use(async (context) => {
      context.respond = false;
      await listener(context.req, context.res);
    });
    app.listen(0);
  },
  nest: async (listener) => {
    const { Module } = await import("@nestjs/common");
    const { NestFactory } = await import("@nestjs/core");
    class AppModule {}
    Module({})(AppModule);
    const app = await NestFactory.create(AppModule, { logger: false });
    app.useBodyParser("json"); // reads the body before the route does
    app.use(listener);
    await app.listen(0);
  },
};

for (const [name, start] of Object.entries(listenersBehindParsers))
  test(`${name}: a body that was read first is refused as body_already_read`, async () => {
    const { getRequestListener } = await import("@hono/node-server");
    const { answerToken } = await import("./benji.js");
    const earlier = servers.length;
    await start(getRequestListener(answerToken));
    const server = servers[earlier];
    if (!server.listening) await once(server, "listening");
    const url = `http://127.0.0.1:${server.address().port}/api/benji/connect-token`;
    const headers = { origin: "https://shop.example", cookie: "session=ada" };
    const response = await post(url, { state: STATE, mode: "transfer" }, headers);
    assert.equal(response.status, 500);
    assert.deepEqual(await response.json(), { error: "body_already_read" });
  });
