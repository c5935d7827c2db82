import { cleanup, screen } from "@testing-library/react";
import { startedFlow } from "react-benji-connect/testing";
import { afterEach, expect, it, vi } from "vitest";
import { parseRedirect } from "../../src/core/index.js";
import { createConnectFlow } from "../../src/core/createConnectFlow.js";
import { renderStrict, returnPath, visit } from "./renderStrict.js";

afterEach(() => vi.resetModules());

/** Loads another copy of the library, with its own modules. */
async function anotherCopy() {
  vi.resetModules();
  return import("../../src/index.js");
}

type Library = Awaited<ReturnType<typeof anotherCopy>>;

function Callback({ library }: { library: Library }) {
  return <output>{JSON.stringify(library.useBenjiRedirectResult())}</output>;
}

const shown = () =>
  screen.getAllByRole("status").map((each) => JSON.parse(each.textContent) as unknown);

const success = { status: "success", benjiUserUuid: "uuid-1" };

it("two copies of the package on one page give the same result (F35)", async () => {
  const [first, second] = [await anotherCopy(), await anotherCopy()];
  visit(returnPath(await startedFlow()));
  renderStrict(
    <>
      <Callback library={first} />
      <Callback library={second} />
    </>,
  );
  expect(first.useBenjiRedirectResult).not.toBe(second.useBenjiRedirectResult);
  expect(shown()).toEqual([expect.objectContaining(success), expect.objectContaining(success)]);
  expect(location.search).toBe("");
});

it("a second copy of the module, as after a hot update, finds the result through the record (F33)", async () => {
  visit(returnPath(await startedFlow()));
  renderStrict(<Callback library={await anotherCopy()} />);
  cleanup();
  renderStrict(<Callback library={await anotherCopy()} />);
  expect(shown()).toEqual([{ ...success, replayed: true }]);
});

it("a return is accepted from the address that was saved before a router dropped its parameters (F30)", async () => {
  const captured = new URL(returnPath(await startedFlow()), location.href).href;
  visit("/benji/callback");
  const result = createConnectFlow({ currentUrl: () => captured }).getResult();
  expect(result).toMatchObject(success);
  expect(parseRedirect(captured)).toMatchObject(success);
});
