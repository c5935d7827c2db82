import { type BenjiRedirectResult, useBenjiRedirectResult } from "react-benji-connect";

interface Confirmation {
  confirmedBy: string;
}

type Result = BenjiRedirectResult<unknown, Confirmation>;

/** The page behind the Redirect URL: shows what the library made of the address. */
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
        {result.status !== "none" && <Rows result={result} />}
      </section>
      {result.status === "success" && (
        <p className="note">
          These ids came in with the address, unsigned. They count because the shop’s server has
          heard the same from Benji.
        </p>
      )}
      {result.status === "unconfirmed" && (
        <button type="button" className="button" onClick={result.retry}>
          Ask again
        </button>
      )}
      <p className="links">
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

const DONE = {
  connect: "Your rewards are linked",
  transfer: "Your points are on their way",
  redeem: "Your points are redeemed",
};

function wordsFor(result: Result): { title: string; text: string } {
  switch (result.status) {
    case "pending":
      return { title: "One moment", text: "We are checking Benji’s answer." };
    case "none":
      return { title: "Nothing to see here", text: "This address is no return from Benji." };
    case "success":
      return { title: DONE[result.mode ?? "connect"], text: "Benji has confirmed it." };
    case "error":
      return { title: "That did not work", text: "Benji says it failed. You can try again." };
    case "unconfirmed":
      return { title: "Not confirmed yet", text: "We could not ask Benji. Nothing is lost." };
    case "rejected":
      return result.reason === "not_confirmed" ? NOT_CONFIRMED : NOT_BELIEVED;
    default:
      return result satisfies never;
  }
}

const NOT_CONFIRMED = {
  title: "Not confirmed",
  text: "Our server has heard something else from Benji, so this does not count.",
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
] as const;

function Rows({ result }: { result: Result }) {
  const values: Record<string, unknown> = { ...result };
  const fields = result.status === "rejected" ? (["reason"] as const) : FIELDS;
  return (
    <dl className="rows">
      {fields.map((field) => (
        <div key={field}>
          <dt>{field}</dt>
          <dd data-field={field} data-absent={values[field] === undefined || undefined}>
            {values[field] === undefined ? "–" : asText(values[field])}
          </dd>
        </div>
      ))}
    </dl>
  );
}

const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
