import { expect, waitFor, within } from "storybook/test";
import { useBenjiRedirectResult, type UseBenjiRedirectResultOptions } from "../src/index.js";

interface CallbackPageProps extends UseBenjiRedirectResultOptions {
  /**
   * Asks your server whether a success counts, once per flow: `false` means no, anything else yes. The result
   * is `pending` until your server has answered.
   */
  confirm?: (claim: object) => Promise<unknown>;
  /**
   * Also takes returns that no browser of yours has started, such as a link in an e-mail. They come
   * out as `unverified`: anybody can write one. Default `false`.
   */
  dangerouslyAcceptReturnsWithoutState?: boolean;
}

/** A callback page that shows the result of the hook as it is. */
export function CallbackPage(options: CallbackPageProps) {
  const result = useBenjiRedirectResult(options);
  return (
    <>
      <dl
        style={{
          display: "grid",
          gridTemplateColumns: "max-content 1fr",
          gap: "0.25rem 1.5rem",
          margin: "0 0 1rem",
        }}
      >
        {Object.entries(result).map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
      </dl>
      {result.status === "unconfirmed" && <button onClick={result.retry}>Ask again</button>}
    </>
  );
}

const Fact = ({ name, value }: { name: string; value: unknown }) => (
  <>
    <dt style={{ fontWeight: 600 }}>{name}</dt>
    <dd aria-label={name} style={{ margin: 0, fontFamily: "ui-monospace, monospace" }}>
      {textOf(value)}
    </dd>
  </>
);

function textOf(value: unknown): string {
  if (value instanceof Error) return value.message;
  if (typeof value === "function") return "function";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Expects the page to show these values, and the address bar to be clean again. */
export const says =
  (expected: Record<string, string>) =>
  async ({ canvasElement }: { canvasElement: HTMLElement }) => {
    const canvas = within(canvasElement);
    for (const [name, value] of Object.entries(expected))
      await waitFor(() => expect(canvas.getByLabelText(name)).toHaveTextContent(value));
    await expect(window.location.search).not.toMatch(/[?&](benji_|state=|status=)/);
  };
