import { spawn, type ChildProcess } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";

const ROOT = new URL("../../", import.meta.url);
const MANIFEST = JSON.parse(readFileSync(new URL("package.json", ROOT), "utf8")) as {
  version: string;
  bin: Record<string, string>;
};
// The program of the tarball, built by scripts/test.mjs.
const PROGRAM = fileURLToPath(new URL(MANIFEST.bin["react-benji-connect"] ?? "", ROOT));

const started: ChildProcess[] = [];
const servers: Server[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

function start(...args: string[]) {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  started.push(child);
  return child;
}

/** Runs the program to its end. */
async function run(...args: string[]) {
  const child = start(...args);
  const [out, err] = [text(child.stdout), text(child.stderr)];
  const [code] = (await once(child, "close")) as [number];
  return { code, out: await out, err: await err };
}

/** Starts the command sandbox and waits until it listens. */
async function startSandbox(...args: string[]) {
  const child = start("sandbox", "--port", "0", ...args);
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  const waitForOutput = async (phrase: string) => {
    while (!out.includes(phrase)) await once(child.stdout, "data");
    return out;
  };
  const said = await waitForOutput("Ctrl-C stops it.");
  return { child, said, waitForOutput, url: /http:\/\/[\d.]+:\d+/.exec(said)?.[0] ?? "" };
}

async function listen(answer: (request: IncomingMessage) => void): Promise<number> {
  const server = createServer((incoming, outgoing) => {
    answer(incoming);
    incoming.resume().on("end", () => outgoing.end());
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function createToken(url: string) {
  const response = await fetch(`${url}/auth/connect`, {
    method: "POST",
    headers: { "x-api-key": "sandbox-api-key", "content-type": "application/json" },
    body: '{"partnership_id":49,"mode":1}',
  });
  return ((await response.json()) as { data: { token: string; connect_url: string } }).data;
}

const finish = async (url: string) => {
  const { token, connect_url } = await createToken(url);
  return fetch(`${connect_url}?connect_token=${token}&state=s1`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ outcome: "success" }),
  });
};

describe("react-benji-connect, the program", () => {
  it("the program is an executable script of Node", () => {
    expect(readFileSync(PROGRAM, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    if (process.platform !== "win32") expect(statSync(PROGRAM).mode & 0o111).toBe(0o111);
  });

  it("the program imports the sandbox instead of containing a copy", () => {
    expect(readFileSync(PROGRAM, "utf8")).toMatch(/from ?"\.\.\/sandbox\/index\.js"/);
    expect(statSync(PROGRAM).size).toBeLessThan(50_000);
  });

  it.each([[[]], [["--help"]], [["-h"]], [["sandbox", "--help"]]])(
    "the program prints its help for %j",
    async (args) => {
      const { code, out, err } = await run(...args);
      expect([code, err]).toEqual([0, ""]);
      expect(out).toContain("Usage: npx react-benji-connect sandbox [flags]");
      for (const flag of [
        "--port",
        "--redirect-url",
        "--webhook-url",
        "--webhook-salt",
        "--webhook-signed",
        "BENJI_WEBHOOK_SALT",
        "sandbox trigger <event>",
        "sandbox resend <n>",
        "--scenario",
        "--host",
        "--allow-remote",
        "--help",
        "--version",
        "no-redirect-url",
      ])
        expect(out).toContain(flag);
    },
  );

  it.each([["--version"], ["-v"]])(
    "the program prints the version of the package for %s",
    async (flag) => {
      expect(await run(flag)).toEqual({ code: 0, out: `${MANIFEST.version}\n`, err: "" });
    },
  );

  it.each([
    [["sandbax"], 'There is no command "sandbax".'],
    [["--port", "0"], "The command is missing: sandbox or doctor."],
    [["sandbox", "now"], '"now" is too much'],
    [["sandbox", "--prot", "1"], "Unknown option '--prot'."],
    [["sandbox", "--port"], "'--port <value>' argument missing"],
    [["sandbox", "--port", "65536"], 'not "65536"'],
    [["sandbox", "--port", "-1"], "ambiguous"],
    [["sandbox", "--port", "4010x"], 'not "4010x"'],
    [["sandbox", "--port", ""], "--port is empty"],
    [["sandbox", "--allow-remote=yes"], "does not take an argument"],
    [["sandbox", "--scenario", "win"], "There are: success, error, close"],
    [["sandbox", "--redirect-url", "javascript:alert(1)"], "redirectUrl must be http"],
    [["sandbox", "--webhook-url", "/hook"], "webhookUrl must be an absolute"],
    [["sandbox", "--webhook-salt", "pepper"], "--webhook-url"],
    [["sandbox", "--host", "0.0.0.0", "--port", "0"], "--allow-remote"],
    [["sandbox", "--webhook-signed", "body"], "--webhook-url"],
    [["sandbox", "--webhook-url", "http://a.example", "--webhook-signed", "x"], 'not "x"'],
    [["sandbox", "trigger"], "takes one event: user_partner_authentication_created"],
    [["sandbox", "trigger", "points_rained"], "takes one event"],
    [["sandbox", "trigger", "campaign_ended", "now"], "takes one event"],
    [["sandbox", "trigger", "campaign_ended", "--scenario", "slow"], "--scenario is for starting"],
    [["sandbox", "resend"], "takes the number of a webhook"],
    [["sandbox", "resend", "0"], "takes the number of a webhook"],
    [["sandbox", "resend", "1", "2"], "takes the number of a webhook"],
  ])("the program refuses %j with the exit code 2 and prints the reason", async (args, why) => {
    const { code, out, err } = await run(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(why);
    expect(err).not.toMatch(/pepper|\n {4}at /);
  });

  it("if the port is taken, the program exits with the code 1 and prints the flag for another port", async () => {
    const port = await listen(() => {});
    const { code, out, err } = await run("sandbox", "--port", String(port));
    expect({ code, out, err }).toEqual({
      code: 1,
      out: "",
      err: `Port ${port} is taken. Pass another: --port ${port + 1}\n`,
    });
  });
});

describe("react-benji-connect sandbox", () => {
  it("the command sandbox prints every address, the credentials and a curl command that works", async () => {
    const { said, url } = await startSandbox("--redirect-url", "https://shop.example/back");
    for (const text of [
      `POST ${url}/auth/connect`,
      `POST ${url}/verify/token/create`,
      `POST ${url}/access/token/exchange`,
      `GET ${url}/users/<uuid>`,
      `${url}/<partnershipId>`,
      "x-api-key: sandbox-api-key",
      "Authorization: Bearer sandbox-access-token",
      "https://shop.example/back",
    ])
      expect(said).toContain(text);
    expect(said).not.toContain("Other machines");

    const curl = /^ +(curl .*)$/m.exec(said)?.[1] ?? "";
    const answer = await text(spawn(curl, { shell: true }).stdout);
    expect(JSON.parse(answer)).toMatchObject({ code: "ok", data: { connect_url: `${url}/49` } });
  });

  it("a sandbox started with --scenario plays that scenario in every flow", async () => {
    const { url } = await startSandbox(
      ...["--redirect-url", "https://shop.example/back?a=1", "--scenario", "no-uuid"],
    );
    for (const _ of [1, 2]) {
      expect((await finish(url)).headers.get("location")).toMatch(
        /^https:\/\/shop\.example\/back\?a=1&status=success&state=s1&benji_user_id=\d+$/,
      );
    }
  });

  it("the command sandbox sends signed webhooks and prints the result of each, but not the salt", async () => {
    const mail: Promise<[IncomingMessage, string]>[] = [];
    const port = await listen((incoming) => {
      mail.push(text(incoming).then((body) => [incoming, body]));
    });
    const hook = `http://127.0.0.1:${port}/hook`;
    const flags = ["--webhook-url", `${hook}?key=s3cret`, "--webhook-salt", "pepper"];
    const { url, waitForOutput } = await startSandbox(...flags);
    await finish(url);

    const said = await waitForOutput(
      `webhook #1 user_partner_authentication_created to ${hook}: 200 (tries: 1)`,
    );
    expect(said).not.toMatch(/pepper|s3cret/);
    const [{ headers, url: path }, body] = await Promise.race(mail);
    expect(path).toBe("/hook?key=s3cret");
    const signature = createHmac("sha256", "pepper")
      .update(`${String(headers["x-benji-timestamp"])}${body}`)
      .digest("hex");
    expect(headers["x-benji-signature"]).toBe(signature);
  });

  it("the command sandbox reads the salt from BENJI_WEBHOOK_SALT and does not print it", async () => {
    const mail: Promise<[IncomingMessage, string]>[] = [];
    const port = await listen((incoming) => {
      mail.push(text(incoming).then((body) => [incoming, body]));
    });
    const hook = `http://127.0.0.1:${port}/hook`;
    process.env["BENJI_WEBHOOK_SALT"] = "pepper";
    const { said, url } = await startSandbox("--webhook-url", hook).finally(
      () => delete process.env["BENJI_WEBHOOK_SALT"],
    );
    expect(said).toContain("signed with your salt");
    expect(said).not.toContain("pepper");
    await finish(url);
    const [{ headers }, body] = await vi.waitUntil(() => mail[0]);
    const signature = createHmac("sha256", "pepper")
      .update(`${String(headers["x-benji-timestamp"])}${body}`)
      .digest("hex");
    expect(headers["x-benji-signature"]).toBe(signature);
  });

  it("the command sandbox prints a warning if other machines may reach it", async () => {
    const { said } = await startSandbox("--host", "0.0.0.0", "--allow-remote");
    expect(said).toContain("Other machines may reach it");
  });

  it.skipIf(process.platform === "win32").each(["SIGINT", "SIGTERM"] as const)(
    "the command sandbox stops on %s with the exit code 0",
    async (signal) => {
      const { child, waitForOutput, url } = await startSandbox();
      await fetch(url);
      child.kill(signal);
      const [code] = (await once(child, "exit")) as [number];
      expect(code).toBe(0);
      await waitForOutput("The sandbox has stopped.");
      await expect(fetch(url)).rejects.toThrow();
    },
  );
});

describe("react-benji-connect sandbox trigger and resend", () => {
  it("the commands sandbox trigger and sandbox resend make a running sandbox send a webhook", async () => {
    const bodies: Promise<string>[] = [];
    const hook = await listen((incoming) => void bodies.push(text(incoming)));
    const { url } = await startSandbox("--webhook-url", `http://127.0.0.1:${hook}/hook`);
    const at = ["--port", new URL(url).port];
    const line = (number: number) =>
      `webhook #${number} transaction_created to http://127.0.0.1:${hook}/hook: 200 (tries: 1)\n`;
    const triggered = await run("sandbox", "trigger", "transaction_created", ...at);
    expect(triggered).toEqual({ code: 0, out: line(1), err: "" });
    const resent = await run("sandbox", "resend", "1", ...at);
    expect(resent).toEqual({ code: 0, out: line(2), err: "" });
    const [first, second] = await Promise.all(bodies);
    expect(first).toBe(second);
  });

  it("sandbox trigger exits with the code 1 if there is no webhook address or no running sandbox", async () => {
    const { url, child } = await startSandbox();
    const at = ["--port", new URL(url).port];
    const args = ["sandbox", "trigger", "campaign_ended", ...at];
    expect(await run(...args)).toMatchObject({
      code: 1,
      err: expect.stringContaining("webhookUrl") as string,
    });
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await run(...args)).toMatchObject({
      code: 1,
      err: expect.stringContaining("No sandbox answers") as string,
    });
  });

  it("sandbox trigger exits with the code 1 if the server does not accept the webhook", async () => {
    const { url } = await startSandbox("--webhook-url", "http://127.0.0.1:1/hook");
    const args = ["sandbox", "trigger", "campaign_ended", "--port", new URL(url).port];
    expect(await run(...args)).toMatchObject({
      code: 1,
      err: expect.stringContaining("unreachable (tries: 1)") as string,
    });
  });
});
