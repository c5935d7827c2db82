import { type BenjiRedirectResult, useBenjiRedirectResult } from "react-benji-connect";

/** The page behind the Redirect URL: shows what the library made of the address. */
export function CallbackPage() {
  const result = useBenjiRedirectResult();
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
      {"benjiUserUuid" in result || "benjiUserId" in result ? (
        <p className="note">
          These ids are unsigned claims: they came in with the address. They count once your server
          has confirmed them with Benji.
        </p>
      ) : null}
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

function wordsFor(result: BenjiRedirectResult): { title: string; text: string } {
  switch (result.status) {
    case "pending":
      return { title: "One moment", text: "We are reading Benji’s answer." };
    case "none":
      return { title: "Nothing to see here", text: "This address is no return from Benji." };
    case "success":
      return { title: DONE[result.mode ?? "connect"], text: "Benji says it went well." };
    case "error":
      return { title: "That did not work", text: "Benji says it failed. You can try again." };
    case "rejected":
      return {
        title: "Please start again",
        text: "This address does not belong to anything you started here, so it is not believed.",
      };
    default:
      return result satisfies never;
  }
}

const FIELDS = [
  "benjiUserUuid",
  "benjiUserId",
  "triggerEventId",
  "mode",
  "returnTo",
  "appState",
  "replayed",
  "reason",
] as const;

function Rows({ result }: { result: BenjiRedirectResult }) {
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
