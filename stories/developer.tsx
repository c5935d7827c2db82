import type { Decorator } from "@storybook/react-vite";
import { useSyncExternalStore } from "react";
import { expect, spyOn, waitFor, within } from "storybook/test";
import { forgetWhatWasSaid } from "../src/core/explain/logMistake.js";
import { isTest } from "./emulate.js";

// Shows a mistake in the code beside its message on the console.

let lines: readonly string[] = [];
let show = () => {};

/** Records the console until the story ends. Call it in `beforeEach`. */
export function recordConsole(): () => void {
  lines = [];
  // The library logs each text once per page, and a page may show many stories.
  forgetWhatWasSaid();
  const { warn } = console;
  const warnings = spyOn(console, "warn").mockImplementation((text: string) => {
    lines = [...lines, text];
    // Waits for a microtask, because a message may come while React renders.
    queueMicrotask(() => show());
    if (!isTest) warn(text);
  });
  return () => warnings.mockRestore();
}

const listen = (listener: () => void) => {
  show = listener;
  return () => {
    show = () => {};
  };
};

const Label = ({ children }: { children: string }) => (
  <p style={{ fontWeight: 600, margin: "0 0 0.25rem" }}>{children}</p>
);

const Text = ({ label, children }: { label: string; children: string }) => (
  <pre
    aria-label={label}
    role="log"
    style={{
      margin: "0 0 1.25rem",
      whiteSpace: "pre-wrap",
      overflowWrap: "anywhere",
      fontFamily: "ui-monospace, monospace",
      fontSize: "0.875rem",
    }}
  >
    {children}
  </pre>
);

const CONSOLE = "What the console says";

function Console() {
  const said = useSyncExternalStore(listen, () => lines);
  return <Text label={CONSOLE}>{said.join("\n\n")}</Text>;
}

/** Shows the mistake in the code (`parameters.mistake`), the message, and the story itself. */
export const besideTheConsole: Decorator = (Story, { parameters }) => (
  <>
    <Label>Written</Label>
    <Text label="What was written">{String(parameters["mistake"])}</Text>
    <Label>On the console</Label>
    <Console />
    <Label>On the page</Label>
    <Story />
  </>
);

/** Every message has these parts. */
const MESSAGE =
  /^react-benji-connect: .+: expected .+, got .+\. .+[.?)] See react-benji-connect\/docs\/\S+\.md\S*$/;

/** Expects one message, on the console and on the page. */
export const logsMessage =
  (pattern: RegExp) =>
  async ({ canvasElement }: { canvasElement: HTMLElement }) => {
    await waitFor(() => expect(console.warn).toHaveBeenCalled());
    await expect(lines).toHaveLength(1);
    await expect(lines[0]).toMatch(MESSAGE);
    await expect(lines[0]).toMatch(pattern);
    const shown = within(canvasElement).getByLabelText(CONSOLE);
    await waitFor(() => expect(shown).toHaveTextContent(lines[0] ?? ""));
  };
