import { getRequestListener } from "@hono/node-server";
import Fastify from "fastify";
import { answerBenji } from "./benji.js";

const app = Fastify();
const listener = getRequestListener(answerBenji);

app.register(async (benji) => {
  // The routes read the body themselves. Only in this scope; yours keep their parsers.
  benji.removeAllContentTypeParsers();
  benji.addContentTypeParser("*", (_request, _payload, done) => done(null));
  benji.all("/api/benji/*", (request, reply) => {
    reply.hijack();
    return listener(request.raw, reply.raw);
  });
});
await app.listen({ port: 3000 });
