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
] as const)(
  "no flow starts and no token is requested with a storage %s (F1)",
  async (_, breakStorage) => {
    const page = await newVisitor();
    setUpProbe();
    plant(breakStorage);
    await openStart(page);
    expect(await readUnfinished(page)).toBe("");
    await pressStart(page);
    expect(await readError(page)).toBe("storage_unavailable");
    expect(posts()).toEqual([]);
  },
);

it("a return is rejected while storage is denied, and accepted once storage works again (F1)", async () => {
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

it("if the storage is full, no flow starts and no entry of the shop is deleted (F2)", async () => {
  const page = await newVisitor();
  setUpProbe();
  await openStart(page);
  const filled = await page.run(() => {
    let index = 0;
    for (let size = 2 ** 21; size >= 1; size = Math.floor(size / 2)) {
      try {
        for (;;) sessionStorage.setItem(`shop-${index++}`, "x".repeat(size));
      } catch {
        // No more entries of this size fit.
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

it("a return is rejected as state_unknown if the storage was cleared during the flow (F3)", async () => {
  const page = await newVisitor();
  setUpProbe();
  const hosted = await leaveProbe(page);
  await openStart(page);
  await page.run(() => sessionStorage.clear());
  await page.open(hosted);
  expect(await finishProbe(page)).toEqual({ status: "rejected", reason: "state_unknown" });
});

it("a private profile without stored data completes the whole journey (F4)", async () => {
  const page = await newVisitor();
  setUpProbe();
  await openStart(page);
  expect(await page.run(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0]);
  await pressStart(page);
  await page.waitForAddress((url) => url.origin === demo.sandboxUrl);
  expect(await finishProbe(page)).toMatchObject({ status: "success" });
});

it("without getRandomValues a start fails as crypto_unavailable and requests no token (F5)", async () => {
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

it("a flow starts without randomUUID, subtle and locks, which plain http does not have (F5)", async () => {
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

it("two components that read a return in StrictMode show the same result (F16)", async () => {
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

it("a press on the button before React has run its effects starts a flow (F16)", async () => {
  const page = await newVisitor();
  setUpProbe({ pressEarly: true });
  await openStart(page);
  await page.waitForAddress((url) => url.origin === demo.sandboxUrl);
});

it("Back from the callback page to the start page makes the button idle again (F21)", async () => {
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

it("after Back from Benji `unfinished` has the mode and the appState of the flow", async () => {
  const page = await newVisitor();
  setUpProbe({ mode: "redeem", appState: { cart: 3 } });
  await leaveProbe(page);
  await page.back();
  await page.waitForAddress((url) => url.pathname === "/probe/start");
  await expect.poll(() => readUnfinished(page)).not.toBe("");
  const pending: unknown = JSON.parse(await readUnfinished(page));
  expect(pending).toMatchObject({ mode: "redeem", appState: { cart: 3 } });
});
