import { Activity } from "react";
import { act, cleanup, screen } from "@testing-library/react";
import { startedFlow } from "react-benji-connect/testing";
import { describe, expect, it, vi } from "vitest";
import { Callback, none, results, shown, success } from "./Callback.js";
import { renderStrict, returnPath, visit } from "./renderStrict.js";

describe("useBenjiRedirectResult and the browser history", () => {
  it("a visit to the callback page within the app after a finished flow has the status none", async () => {
    visit(returnPath(await startedFlow()));
    renderStrict(<Callback />);
    cleanup();
    visit("/");
    visit("/benji/callback");
    renderStrict(<Callback />);
    expect(shown()).toEqual([none]);
  });

  it("a mounted hook keeps its result on later pages, and a hook mounted on those pages has the status none (F43)", async () => {
    const badge = (key?: string) => (
      <>
        <Callback path="/benji/callback" />
        {key && <Callback key={key} path="/benji/callback" />}
      </>
    );
    visit(returnPath(await startedFlow()));
    const { rerender } = renderStrict(badge());
    const entry = window.history.state as unknown;
    expect(shown()).toEqual([success]);
    const visits: [string, unknown, object][] = [
      ["/", null, none],
      ["/benji/callback", null, none],
      ["/", null, none],
      ["/benji/callback", entry, success],
    ];
    for (const [index, [path, state, expected]] of visits.entries()) {
      visit(path, state);
      rerender(badge(String(index)));
      expect(shown()).toEqual([success, expected]);
    }
    expect(new Set(results.filter(({ status }) => status === "success")).size).toBe(1);
  });

  it("Back and Forward between two returns on one mounted route show the result of each (F43)", async () => {
    const first = await startedFlow();
    const second = await startedFlow();
    visit(returnPath(first));
    const { rerender } = renderStrict(<Callback />);
    const firstEntry = window.history.state as unknown;
    visit(returnPath(second, { benjiUserUuid: "uuid-2" }));
    rerender(<Callback />);
    expect(shown()).toEqual([{ ...success, benjiUserUuid: "uuid-2" }]);
    expect(location.search).toBe("");
    const secondEntry = window.history.state as unknown;
    visit("/benji/callback", firstEntry);
    rerender(<Callback />);
    expect(shown()).toEqual([success]);
    visit("/benji/callback", secondEntry);
    rerender(<Callback />);
    expect(shown()).toEqual([{ ...success, benjiUserUuid: "uuid-2" }]);
  });

  it("Back within the app to the history entry of the callback page shows the same result (F21)", async () => {
    visit(returnPath(await startedFlow()));
    renderStrict(<Callback />);
    const entry = window.history.state as unknown;
    cleanup();
    visit("/");
    visit("/benji/callback", entry);
    renderStrict(<Callback />);
    expect(shown()).toEqual([success]);
  });

  it("Back to a callback page that was hidden and not unmounted shows the same result (F21)", async () => {
    const page = (mode: "visible" | "hidden") => (
      <Activity mode={mode}>
        <Callback />
      </Activity>
    );
    visit(returnPath(await startedFlow()));
    const { rerender } = renderStrict(page("visible"));
    const entry = window.history.state as unknown;
    visit("/");
    for (const _ of "12") await act(async () => rerender(page("hidden")));
    visit("/benji/callback", entry);
    await act(async () => rerender(page("visible")));
    expect(shown()).toEqual([success]);
  });

  it("a second flow in the same document has a result of its own", async () => {
    visit(returnPath(await startedFlow()));
    renderStrict(<Callback />);
    cleanup();
    visit(returnPath(await startedFlow(), { benjiUserUuid: "uuid-2" }));
    renderStrict(<Callback />);
    expect(shown()).toEqual([{ ...success, benjiUserUuid: "uuid-2" }]);
  });

  it("the address of a return, opened again, has the same result as replayed (F22)", async () => {
    const path = returnPath(await startedFlow());
    visit(path);
    renderStrict(<Callback />);
    cleanup();
    visit(path);
    renderStrict(<Callback />);
    expect(shown()).toEqual([{ ...success, replayed: true }]);
    expect(location.search).toBe("");
  });

  it("after a reload two hooks in StrictMode both show the status success", async () => {
    visit(returnPath(await startedFlow()));
    renderStrict(<Callback />);
    cleanup();
    await act(async () => {});
    visit("/benji/callback"); // a router's entry has no pointer of ours
    vi.spyOn(performance, "getEntriesByType").mockReturnValue([
      { type: "reload", name: location.href } as PerformanceNavigationTiming,
    ]);
    vi.resetModules(); // simulates a new document
    const fresh = await import("../../src/index.js");
    const Reloaded = () => <output>{fresh.useBenjiRedirectResult().status}</output>;
    renderStrict(
      <>
        <Reloaded />
        <Reloaded />
      </>,
    );
    expect(screen.getAllByRole("status").map((each) => each.textContent)).toEqual([
      "success",
      "success",
    ]);
  });
});
