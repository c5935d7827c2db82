import { useState } from "react";
import { type BenjiRedirectResult, useBenjiRedirectResult } from "react-benji-connect";

/** What `confirmWithBenji` returns for a confirmed success. */
interface Confirmation {
  confirmed: "member" | "transaction";
  status?: string;
  rewardAmount?: number;
}

type Result = BenjiRedirectResult<unknown, Confirmation>;

/** The page at the Redirect URL: shows the result that the library returns. */
export function CallbackPage() {
  const result = useBenjiRedirectResult<unknown, Confirmation>({ confirm: "/api/benji/confirm" });
  const { title, text } = wordsFor(result);
  const next = "returnTo" in result ? result.returnTo : undefined;
  return (
    <main className="narrow card">
      <section data-testid="result" data-status={result.status} aria-live="polite">
        <p className={`badge ${result.status}`}>{result.status}</p>
        <h1>{title}</h1>
        <p className="lead">{text}</p>
        <Rows result={result} />
      </section>
      {result.status === "success" && (
        <p className="note">
          These ids came in with the address, unsigned. They count because the shop’s server has
          asked Benji and got the same answer
          {result.confirmation.confirmed === "member" &&
            ", by a row that Benji does not document to carry the shop’s id of you"}
          .
        </p>
      )}
      <p className="links">
        <AskAgain result={result} />
        {next && next !== "/" && (
          <a className="button" href={next}>
            Continue
          </a>
        )}
        <a href="/">Back to the shop</a>
      </p>
    </main>
  );
}

/** The button stays while a retry is pending, so that the keyboard focus is not lost. */
function AskAgain({ result }: { result: Result }) {
  const [wasPressed, setWasPressed] = useState(false);
  const isAsking = result.status === "pending";
  if (result.status !== "unconfirmed" && !(wasPressed && isAsking)) return null;
  const ask = () => {
    if (result.status !== "unconfirmed") return;
    setWasPressed(true);
    result.retry();
  };
  return (
    <button type="button" className="button" aria-busy={isAsking} onClick={ask}>
      Ask again
    </button>
  );
}

const DONE = {
  connect: "Your rewards are linked",
  transfer: "Your points are on their way",
  redeem: "Your points are redeemed",
};

function wordsFor(result: Result): { title: string; text: string } {
  switch (result.status) {
    case "pending":
      return { title: "One moment", text: "We are waiting for Benji to confirm it to our server." };
    case "none":
      return { title: "Nothing to see here", text: "This address is no return from Benji." };
    case "success":
      return { title: DONE[result.mode ?? "connect"], text: "Benji has confirmed it." };
    case "error":
      return { title: "That did not work", text: "Benji says it failed. You can try again." };
    case "unconfirmed":
      return UNCONFIRMED[result.error.code] ?? NOT_ASKED;
    case "rejected":
      return result.reason === "not_confirmed" ? NOT_CONFIRMED : NOT_BELIEVED;
    default:
      return result satisfies never;
  }
}

const UNCONFIRMED: Partial<Record<string, { title: string; text: string }>> = {
  confirm_pending: {
    title: "Not confirmed yet",
    text: "Benji has not confirmed it to our server yet. Nothing is lost: ask again in a while.",
  },
  unauthenticated: {
    title: "Please sign in",
    text: "You have been signed out meanwhile. Sign in, then ask again.",
  },
};

const NOT_ASKED = {
  title: "We could not ask Benji",
  text: "Something is not working between us and Benji. Nothing is lost: ask again in a while.",
};

const NOT_CONFIRMED = {
  title: "This does not count",
  text: "Our server has asked Benji, and Benji says otherwise.",
};

const NOT_BELIEVED = {
  title: "Please start again",
  text: "This address does not belong to anything you started here, so it is not believed.",
};

const FIELDS = [
  "benjiUserUuid",
  "benjiUserId",
  "triggerEventId",
  "mode",
  "returnTo",
  "appState",
  "replayed",
  "confirmation",
  "reason",
  "error",
] as const;

function Rows({ result }: { result: Result }) {
  const values: Record<string, unknown> = { ...result };
  if (result.status === "unconfirmed") values["error"] = result.error.code;
  const fields = FIELDS.filter((field) => values[field] !== undefined);
  if (fields.length === 0) return null;
  return (
    <dl className="rows">
      {fields.map((field) => (
        <div key={field}>
          <dt>{field}</dt>
          <dd data-field={field}>{asText(values[field])}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Writes JSON with spaces, at which a long line can break. */
const asText = (value: unknown) =>
  typeof value === "string" ? value : JSON.stringify(value, null, 1).replace(/\n */g, " ");
