// What the token handler costs, beside a route written by hand: the same call to the same Benji, each
// server in a process of its own, in turns on loopback for about ten seconds. `npm run bench:server`.
// The machine decides the figures; only the ratio travels. CPU is per request.
import { fork } from "node:child_process";
import { Agent, createServer, request as httpRequest } from "node:http";
import { fileURLToPath } from "node:url";

const ROUNDS = 15;
const ROUND_MS = 400;
const CONNECTIONS = 16;
const KEY = "bench-api-key";
const BODY = JSON.stringify({ mode: "transfer", state: `benji.${"A".repeat(43)}` });

const ROLES = { benji: serveBenji, handler: serveHandler, byHand: serveByHand };
const [, , role, benjiUrl] = process.argv;
await (role ? ROLES[role](benjiUrl) : compare());

async function compare() {
  const benji = await start("benji");
  const lanes = {
    byHand: { ...(await start("byHand", benji.url)), rounds: [] },
    handler: { ...(await start("handler", benji.url)), rounds: [] },
  };
  const both = Object.values(lanes);
  for (const lane of both) {
    await load(lane.url); // warm
    lane.cpuBefore = await lane.askCpuMs();
  }
  for (let round = 0; round < ROUNDS; round++) {
    // Nobody is always first.
    for (const lane of round % 2 ? both.toReversed() : both) lane.rounds.push(await load(lane.url));
  }
  for (const lane of both) {
    const requests = lane.rounds.reduce((sum, { count }) => sum + count, 0);
    lane.cpuMs = ((await lane.askCpuMs()) - lane.cpuBefore) / requests;
  }
  print(lanes);
  for (const { stop } of [benji, ...both]) stop();
}

function print({ byHand, handler }) {
  console.log(`Node ${process.version}, ${CONNECTIONS} connections, medians of ${ROUNDS} rounds:`);
  printLane("by hand, plain fetch", byHand);
  printLane("createConnectTokenHandler", handler);
  printRatio("ratio of throughput", byHand, handler, "perSecond");
  printRatio("ratio of p99", byHand, handler, "p99");
  console.log(`ratio of CPU              ${(handler.cpuMs / byHand.cpuMs).toFixed(2)}`);
}

function printLane(name, { rounds, cpuMs }) {
  const [perSecond, p50, p99] = ["perSecond", "p50", "p99"].map((figure) =>
    median(rounds.map((round) => round[figure])),
  );
  const times = `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, CPU ${cpuMs.toFixed(2)} ms`;
  console.log(`${name.padEnd(25)} ${perSecond.toFixed(0)} requests/s, ${times}`);
}

/** Round against round: what else the machine did then hit both. */
function printRatio(name, byHand, handler, figure) {
  const ratios = handler.rounds.map((round, n) => round[figure] / byHand.rounds[n][figure]);
  const range = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
  console.log(`${name.padEnd(25)} ${median(ratios).toFixed(2)} (${range})`);
}

/** Asks as fast as `CONNECTIONS` allow, for one round. */
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
  const quantile = (share) => times[Math.floor((times.length - 1) * share)];
  return {
    count: times.length,
    perSecond: times.length / seconds,
    p50: quantile(0.5),
    p99: quantile(0.99),
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

function start(name, ...args) {
  const child = fork(fileURLToPath(import.meta.url), [name, ...args]);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code}.`)));
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
}

async function serveBenji() {
  const data = { token: "t-1", connect_url: "https://connect.withbenji.com/1" };
  const answer = JSON.stringify({ code: "ok", data });
  listen((request, response) => {
    request.resume();
    request.on("end", () => {
      response.writeHead(200, { "content-type": "application/json" }).end(answer);
    });
  });
}

async function serveHandler(benji) {
  const { createConnectTokenHandler } = await import("react-benji-connect/server");
  const { getRequestListener } = await import("@hono/node-server");
  const answer = createConnectTokenHandler({
    apiKey: KEY,
    baseUrl: new URL(benji).origin,
    getUser: () => ({ id: "ada" }),
    createRequest: ({ user, body }) => ({
      partnershipId: 49,
      mode: body.mode === "transfer" ? "transfer" : "connect",
      userExternalId: user.id,
    }),
  });
  listen(getRequestListener(answer));
}

/** What a partner writes who has this afternoon for it. */
async function serveByHand(benji) {
  const url = `${new URL(benji).origin}/auth/connect`;
  listen(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const { mode } = JSON.parse(text);
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": KEY },
      body: JSON.stringify({
        partnership_id: 49,
        mode: mode === "transfer" ? 3 : 1,
        user_external_id: "ada",
      }),
    });
    const { data } = await answer.json();
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(data));
  });
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
