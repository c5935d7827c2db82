import { expect, it } from "vitest";
import {
  finishProbe,
  leaveProbe,
  openProbe,
  openStart,
  plant,
  posts,
  pressStart,
  probeUrl,
  readError,
  readUnfinished,
  readProbe,
  returnOf,
  setUpProbe,
  stateOf,
} from "./probe/openProbe.js";
import { demo, newVisitor } from "./shopAndBenji.js";

openProbe();

const denyStorage = () => {
  const get = () => {
    throw new DOMException("The operation is insecure.", "SecurityError");
  };
  for (const name of ["sessionStorage", "localStorage"]) {
    Object.defineProperty(window, name, { get });
  }
};
const removeStorage = () => {
  for (const name of ["sessionStorage", "localStorage"]) {
    Object.defineProperty(window, name, { get: () => null });
  }
};

it.each([
  ["that throws", denyStorage],
  ["that is null", removeStorage],
] as const)("does not start with a storage %s, and asks for no token (F1)", async (_, script) => {
  const page = await newVisitor();
  setUpProbe();
  plant(script);
  await openStart(page);
  expect(await readUnfinished(page)).toBe("");
  await pressStart(page);
  expect(await readError(page)).toBe("storage_unavailable");
  expect(posts()).toEqual([]);
});

it("believes no return that it cannot look up, and forgets it not for good (F1)", async () => {
  const page = await newVisitor();
  setUpProbe();
  const url = probeUrl(returnOf(stateOf(await leaveProbe(page))));
  plant(denyStorage);
  await page.open(url);
  expect(await readProbe(page)).toEqual({ status: "rejected", reason: "storage_unavailable" });
  plant(undefined);
  await page.open(url);
  expect(await readProbe(page)).toMatchObject({ status: "success", benjiUserUuid: "u-1" });
});

it("does not start with a full storage, and deletes nothing of the shop's (F2)", async () => {
  const page = await newVisitor();
  setUpProbe();
  await openStart(page);
  const filled = await page.run(() => {
    let index = 0;
    for (let size = 2 ** 21; size >= 1; size = Math.floor(size / 2)) {
      try {
        for (;;) sessionStorage.setItem(`shop-${index++}`, "x".repeat(size));
      } catch {
        // Full for this size.
      }
    }
    return sessionStorage.length;
  });
  await pressStart(page);
  expect(await readError(page)).toBe("storage_unavailable");
  expect(posts()).toEqual([]);
  expect(await page.run(() => sessionStorage.length)).toBe(filled);

  await page.run(() => sessionStorage.clear());
  await pressStart(page);
  await page.waitForAddress((url) => url.origin === demo.sandboxUrl);
});

it("knows a flow no longer whose storage was cleared (F3)", async () => {
  const page = await newVisitor();
  setUpProbe();
  const hosted = await leaveProbe(page);
  await openStart(page);
  await page.run(() => sessionStorage.clear());
  await page.open(hosted);
  expect(await finishProbe(page)).toEqual({ status: "rejected", reason: "state_unknown" });
});

it("needs no past: a private profile goes through the whole journey (F4)", async () => {
  const page = await newVisitor();
  setUpProbe();
  await openStart(page);
  expect(await page.run(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0]);
  await pressStart(page);
  await page.waitForAddress((url) => url.origin === demo.sandboxUrl);
  expect(await finishProbe(page)).toMatchObject({ status: "success" });
});

it("does not start without getRandomValues, and falls back to nothing weaker (F5)", async () => {
  const page = await newVisitor();
  setUpProbe();
  plant(() => {
    delete (Crypto.prototype as Partial<Crypto>).getRandomValues;
  });
  await openStart(page);
  await pressStart(page);
  expect(await readError(page)).toBe("crypto_unavailable");
  expect(posts()).toEqual([]);
  expect(await page.run(() => sessionStorage.length)).toBe(0);
});

it("starts without randomUUID, subtle and locks, which plain http does not have (F5)", async () => {
  const page = await newVisitor();
  setUpProbe();
  plant(() => {
    delete (Crypto.prototype as Partial<Crypto>).randomUUID;
    Object.defineProperty(Crypto.prototype, "subtle", { get: () => undefined });
    Object.defineProperty(Navigator.prototype, "locks", { get: () => undefined });
  });
  await leaveProbe(page);
  expect(await finishProbe(page)).toMatchObject({ status: "success" });
});

it("mounts twice in StrictMode and takes no harm (F16)", async () => {
  const page = await newVisitor();
  setUpProbe({ readers: 2 });
  await leaveProbe(page);
  await finishProbe(page);
  const shown = await page.run(() =>
    [...document.querySelectorAll("[data-result]")].map((reader) => reader.textContent),
  );
  expect(shown).toHaveLength(2);
  expect(shown[0]).toContain('"replayed":false');
  expect(shown[1]).toBe(shown[0]);
});

it("a press that comes before React's effects starts a flow (F16)", async () => {
  const page = await newVisitor();
  setUpProbe({ pressEarly: true });
  await openStart(page);
  await page.waitForAddress((url) => url.origin === demo.sandboxUrl);
});

it("Back from the callback to the start finds a button that works (F21)", async () => {
  const page = await newVisitor();
  setUpProbe();
  await leaveProbe(page);
  const first = await finishProbe(page);
  await page.run(() => void setTimeout(() => history.go(-2)));
  await page.waitForAddress((url) => url.pathname === "/probe/start");
  await expect.poll(() => page.attribute("button", "data-status")).toBe("idle");

  await page.run(() => void setTimeout(() => history.go(2)));
  await page.waitForAddress((url) => url.pathname === "/probe/callback");
  expect(await readProbe(page)).toMatchObject({ benjiUserUuid: first["benjiUserUuid"] });
});

it("tells of an abandoned flow what was on its mind", async () => {
  const page = await newVisitor();
  setUpProbe({ mode: "redeem", appState: { cart: 3 } });
  await leaveProbe(page);
  await page.back();
  await page.waitForAddress((url) => url.pathname === "/probe/start");
  await expect.poll(() => readUnfinished(page)).not.toBe("");
  const pending: unknown = JSON.parse(await readUnfinished(page));
  expect(pending).toMatchObject({ mode: "redeem", appState: { cart: 3 } });
});
