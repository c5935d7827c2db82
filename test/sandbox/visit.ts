import { createSandbox } from "../../src/sandbox/index.js";
import type { Sandbox, SandboxOptions } from "../../src/sandbox/index.js";

export const ORIGIN = "http://localhost:4010";
export const SHOP = "https://shop.example/rewards";
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const openSandbox = (options: SandboxOptions = {}): Sandbox =>
  createSandbox({ redirectUrl: SHOP, ...options });

export function postToken(
  sandbox: Sandbox,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return sandbox.fetch(
    new Request(`${ORIGIN}/auth/connect`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "x-api-key": "sandbox-api-key",
        ...headers,
      },
      body: typeof body === "string" ? body : JSON.stringify(body),
    }),
  );
}

export async function createToken(sandbox: Sandbox, body: object = {}): Promise<string> {
  const response = await postToken(sandbox, { partnership_id: 49, mode: 1, ...body });
  const { data } = (await response.json()) as { data: { token: string } };
  return data.token;
}

export function open(sandbox: Sandbox, address: string): Promise<Response> {
  return sandbox.fetch(new Request(new URL(address, ORIGIN)));
}

/** Sends the hosted page's form to the page's own address, because its action is relative. */
export function submit(
  sandbox: Sandbox,
  address: string,
  form: Record<string, string>,
): Promise<Response> {
  return sandbox.fetch(
    new Request(new URL(address, ORIGIN), { method: "POST", body: new URLSearchParams(form) }),
  );
}

export const locationOf = (response: Response): string => response.headers.get("location") ?? "";

export const queryOf = (response: Response): URLSearchParams =>
  new URL(locationOf(response), "https://shop.example").searchParams;
