import { screen } from "@testing-library/react";
import { afterEach } from "vitest";
import {
  type BenjiRedirectResult,
  useBenjiRedirectResult,
  type UseBenjiRedirectResultOptions,
} from "../../src/index.js";

/** The results that the hook returned in each render of `Callback`, in order. */
export const results: BenjiRedirectResult[] = [];
afterEach(() => {
  results.length = 0;
});

/** A callback page that shows the result of the hook as JSON. */
export function Callback(options: UseBenjiRedirectResultOptions) {
  const result = useBenjiRedirectResult(options);
  results.push(result);
  return <output>{JSON.stringify(result)}</output>;
}

/** The results on the page, one per `Callback`. */
export const shown = () =>
  screen.getAllByRole("status").map((each) => JSON.parse(each.textContent) as unknown);

export const success = { status: "success", benjiUserUuid: "uuid-1", replayed: false };
export const none = { status: "none" };
export const rejected = (reason: string) => ({ status: "rejected", reason });
