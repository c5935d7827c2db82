// Compares token routes: the fastest possible one ("floor"), one written by hand, ours, and ours with
// undici as its transport. Each server has its own process; all call the same fake Benji on loopback.
import { fork } from "node:child_process";
import { Agent, createServer, request as httpRequest } from "node:http";
import { pathToFileURL } from "node:url";
import { inTurns, median, ratios } from "../lib/stats.mjs";

const ROUNDS = 15;
const ROUND_MS = 400;
const CONNECTIONS = 16;
const KEY = "bench-api-key";
const BODY = JSON.stringify({ mode: "transfer", state: `benji.${"A".repeat(43)}` });

const LANES = {
  floor: "node:http + undici.request, by hand",
  byHand: "node:http + fetch, by hand",
  byHandRequest: "Request in, Response out + fetch, by hand",
  ours: "createConnectTokenHandler",
  oursFast: "createConnectTokenHandler, undici.request as its fetch",
};

export async function server() {
  const benji = await start("benji");
  const servers = {};
  for (const lane of Object.keys(LANES)) servers[lane] = await start(lane, benji.url);
  try {
    return [toTable(await measure(servers))];
  } finally {
    for (const { stop } of [benji, ...Object.values(servers)]) stop();
  }
}

async function measure(servers) {
  const lanes = Object.keys(servers);
  return inTurns(lanes, { rounds: ROUNDS, warmUps: 3 }, async (lane) => {
    const { url, askCpuMs } = servers[lane];
    const before = await askCpuMs();
    const { count, ...figures } = await load(url);
    return { ...figures, cpuMs: ((await askCpuMs()) - before) / count };
  });
}

function toTable(lanes) {
  const figures = (lane, name) => lanes[lane].map((round) => round[name]);
  const title = `Token route, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${ROUND_MS} ms`;
  const rows = Object.entries(LANES).map(([lane, name]) => ({
    route: name,
    "requests/s": Math.round(median(figures(lane, "perSecond"))),
    "of the floor": ratios(figures(lane, "perSecond"), figures("floor", "perSecond")),
    "of by hand": ratios(figures(lane, "perSecond"), figures("byHand", "perSecond")),
    "p99, ms": median(figures(lane, "p99")),
    "p99 to by hand": ratios(figures(lane, "p99"), figures("byHand", "p99")),
    "CPU, ms": median(figures(lane, "cpuMs")),
    "CPU to by hand": ratios(figures(lane, "cpuMs"), figures("byHand", "cpuMs")),
  }));
  return { title, rows };
}

/** Sends requests as fast as `CONNECTIONS` allow, for one round. */
async function load(url) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const times = [];
  const began = performance.now();
  const askOnAndOn = async () => {
    while (performance.now() - began < ROUND_MS) {
      const asked = performance.now();
      await ask(url, agent);
      times.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, askOnAndOn));
  const seconds = (performance.now() - began) / 1_000;
  agent.destroy();
  times.sort((a, b) => a - b);
  return {
    count: times.length,
    perSecond: times.length / seconds,
    p99: times[Math.floor((times.length - 1) * 0.99)],
  };
}

function ask(url, agent) {
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(BODY),
    "sec-fetch-site": "same-origin",
  };
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: "POST", agent, headers }, (response) => {
      let text = "";
      response.on("data", (chunk) => (text += chunk));
      response.on("end", () =>
        text.includes('"token":"t-1"') ? resolve() : reject(new Error(`Not a token: ${text}`)),
      );
    });
    request.on("error", reject);
    request.end(BODY);
  });
}

function start(role, ...args) {
  const child = fork(new URL(import.meta.url), [role, ...args]);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${role} ended with ${code}.`)));
    const askCpuMs = () => {
      child.send("cpu");
      return new Promise((resolve) => child.once("message", resolve));
    };
    child.once("message", (url) => resolve({ url, askCpuMs, stop: () => child.kill() }));
  });
}

function listen(listener) {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1", () => {
    process.send(`http://127.0.0.1:${server.address().port}/api/benji/connect-token`);
  });
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    process.send((user + system) / 1_000);
  });
  process.once("disconnect", () => process.exit());
  process.once("SIGTERM", () => process.exit());
}

const headers = { "content-type": "application/json", "x-api-key": KEY };
const wireBody = (mode) =>
  JSON.stringify({
    partnership_id: 49,
    mode: mode === "transfer" ? 3 : 1,
    user_external_id: "ada",
  });

async function readJson(stream) {
  let text = "";
  for await (const chunk of stream) text += chunk;
  return JSON.parse(text);
}

const ROLES = {
  benji() {
    const data = { token: "t-1", connect_url: "https://connect.withbenji.com/1" };
    const answer = JSON.stringify({ code: "ok", data });
    listen((request, response) => {
      request.resume();
      request.on("end", () => {
        response.writeHead(200, { "content-type": "application/json" }).end(answer);
      });
    });
  },

  async floor(url) {
    const { request: ask } = await import("undici");
    listen(async (request, response) => {
      const { mode } = await readJson(request);
      const answer = await ask(url, { method: "POST", headers, body: wireBody(mode) });
      const { data } = await answer.body.json();
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(data));
    });
  },

  /** The route that a partner would write in an afternoon. */
  byHand(url) {
    listen(async (request, response) => {
      const { mode } = await readJson(request);
      const answer = await fetch(url, { method: "POST", headers, body: wireBody(mode) });
      const { data } = await answer.json();
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(data));
    });
  },

  /** The same route, for a framework with Request and Response. */
  async byHandRequest(url) {
    const { getRequestListener } = await import("@hono/node-server");
    const answer = async (request) => {
      const { mode } = await request.json();
      const answer = await fetch(url, { method: "POST", headers, body: wireBody(mode) });
      const { data } = await answer.json();
      return Response.json(data);
    };
    listen(getRequestListener(answer));
  },

  ours: (url) => serveOurs(url),

  async oursFast(url) {
    const { request: ask } = await import("undici");
    await serveOurs(url, async (address, { method, headers, body, signal }) => {
      const answer = await ask(address, { method, headers, body, signal });
      const bytes = await answer.body.arrayBuffer();
      const length = String(bytes.byteLength);
      return new Response(bytes, {
        status: answer.statusCode,
        headers: { "content-length": length },
      });
    });
  },
};

async function serveOurs(url, fetch) {
  const { createConnectTokenHandler } = await import("../../dist/server/index.js");
  const { getRequestListener } = await import("@hono/node-server");
  const answer = createConnectTokenHandler({
    apiKey: KEY,
    baseUrl: new URL(url).origin,
    ...(fetch && { fetch }),
    getUser: () => ({ id: "ada" }),
    createRequest: ({ user, body }) => ({
      partnershipId: 49,
      mode: body.mode === "transfer" ? "transfer" : "connect",
      userExternalId: user.id,
    }),
  });
  listen(getRequestListener(answer));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , role, benjiUrl] = process.argv;
  await ROLES[role](benjiUrl && `${new URL(benjiUrl).origin}/auth/connect`);
}
