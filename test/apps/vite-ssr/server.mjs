// Renders pages on the server, and serves the token and confirm routes.
// With --built the app comes from dist, otherwise from Vite.
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { Transform } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import { createConfirmHandler, createConnectTokenHandler } from "react-benji-connect/server";

const { PORT = "3000", BENJI_API_URL, BENJI_API_KEY } = process.env;
const isBuilt = process.argv.includes("--built");
if (isBuilt) process.env.NODE_ENV = "production";

const shop = {
  apiKey: BENJI_API_KEY,
  publicOrigin: `http://localhost:${PORT}`,
  getUser: () => ({ id: "ada" }), // your session
  onError: (error) => console.error("Benji:", error),
};

const routes = {
  "/api/benji/connect-token": createConnectTokenHandler({
    ...shop,
    baseUrl: BENJI_API_URL,
    createRequest: ({ user }) => ({ partnershipId: 49, mode: "connect", userExternalId: user.id }),
  }),
  "/api/benji/confirm": createConfirmHandler({
    ...shop,
    isConfirmed: () => true, // your data from Benji's webhook
  }),
};

const server = createServer();
const pages = isBuilt ? await builtPages() : await developedPages();

server.on("request", (request, response) => {
  const route = routes[request.url];
  if (route) return getRequestListener(route)(request, response);
  pages.serveFile(request, response, () => void sendPage(request, response));
});
server.listen(Number(PORT), "localhost", () => console.log(`Open at ${shop.publicOrigin}`));

async function sendPage(request, response) {
  try {
    const url = new URL(request.url, shop.publicOrigin);
    const { render, script, styles } = await pages.load();
    const html = await pages.finish(url, `${pageHead(styles)}<div id="root"><!--app--></div>`);
    const [before, after] = html.split("<!--app-->");
    const stream = await render(url, script);
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.write(before);
    stream.pipe(withEnd(after)).pipe(response);
  } catch (error) {
    console.error(error);
    response.statusCode = 500;
    response.end();
  }
}

const pageHead = (styles) => `<!doctype html>
<html lang="en">
  <head>
    <title>Vite, rendered on the server</title>
    <link rel="icon" href="data:," />
    ${styles.map((href) => `<link rel="stylesheet" href="${href}" />`).join("")}
  </head>
  <body>`;

const withEnd = (end) =>
  new Transform({
    transform: (chunk, _, done) => done(null, chunk),
    flush: (done) => done(null, end),
  });

async function developedPages() {
  const { createServer: createVite } = await import("vite");
  const vite = await createVite({ server: { middlewareMode: true, hmr: { server } } });
  return {
    serveFile: vite.middlewares,
    finish: (url, html) => vite.transformIndexHtml(url.pathname, html),
    load: async () => ({
      ...(await vite.ssrLoadModule("/src/entry-server.tsx")),
      script: "/src/entry-client.tsx",
      styles: [],
    }),
  };
}

async function builtPages() {
  const dist = new URL("dist/", import.meta.url);
  const manifest = JSON.parse(readFileSync(new URL("client/.vite/manifest.json", dist), "utf8"));
  const { file, css = [] } = manifest["src/entry-client.tsx"];
  const { render } = await import(new URL("server/entry-server.js", dist).href);
  const TYPES = { js: "text/javascript", css: "text/css" };
  return {
    finish: (_, html) => html,
    load: () => ({ render, script: `/${file}`, styles: css.map((name) => `/${name}`) }),
    serveFile: async (request, response, next) => {
      const [path, type] = /^\/assets\/[\w.-]+\.(js|css)$/.exec(request.url) ?? [];
      if (!path) return next();
      response.setHeader("content-type", TYPES[type]);
      response.end(await readFile(new URL(`client${path}`, dist)));
    },
  };
}
