import type { ReactNode } from "react";
import { BenjiConnectButton } from "react-benji-connect";

const fetchConnectToken = "/api/benji/connect-token";

export function ShopPage() {
  return (
    <main>
      <section className="hero">
        <div>
          <p className="eyebrow">Rewards at Corner Coffee</p>
          <h1>Your points are coffee you have not had yet.</h1>
          <p className="lead">
            Link the rewards you collect elsewhere and spend them here. You are taken to Benji, and
            come straight back.
          </p>
        </div>
        <Beans />
      </section>

      <div className="offers">
        <Offer
          title="Link your rewards"
          text="See your points next to your order, once and for all."
        >
          <BenjiConnectButton
            className="button"
            mode="connect"
            returnTo="/"
            fetchConnectToken={fetchConnectToken}
          />
        </Offer>
        <Offer title="Bring points over" text="Move 1,000 points here and go on to the checkout.">
          <BenjiConnectButton
            className="button"
            mode="transfer"
            amount={1_000}
            returnTo="/checkout"
            appState={{ cart: 3 }}
            fetchConnectToken={fetchConnectToken}
          />
        </Offer>
        <Offer title="Pay with points" text="500 points are a flat white. You can change how many.">
          <BenjiConnectButton
            className="button"
            mode="redeem"
            returnTo="/checkout"
            fetchConnectToken={fetchConnectToken}
          />
        </Offer>
      </div>

      <section className="tries" aria-labelledby="tries">
        <h2 id="tries">What happens when …</h2>
        <p className="quiet">
          Benji’s page opens with the case already chosen. Finish it as usual and see what the shop
          makes of it.
        </p>
        <ul>
          <Try
            title="Benji’s webhook is late"
            text="The shop waits, asks its server again and again, and says so once Benji has confirmed it."
            scenario="late-webhooks"
            name="Try a late webhook"
          />
          <Try
            title="the transfer fails after all"
            text="You come back with a success. The shop’s server asks Benji and learns that it failed."
            scenario="failed-transaction"
            name="Try a failed transfer"
          />
          <Try
            title="somebody edits the return"
            text="You come back with the id of somebody else. Benji knows whose transfer it was."
            scenario="tampered-uuid"
            name="Try an edited return"
          />
          <Try
            title="Benji does only what it documents"
            text="No row of your Benji account then says which member of the shop you are: linking ends unconfirmed, within 20 seconds."
            scenario="success"
            mode="connect"
            name="Try without the assumption"
          />
        </ul>
        <p className="note">
          <strong>An assumption.</strong> To link an account, this demo relies on something that
          Benji does not document: that your row in <code>merchants</code> carries the shop’s id of
          you. It is switched on by name, in the shop’s server with{" "}
          <code>undocumentedUserExternalIdIn</code> and in the sandbox with the scenario{" "}
          <code>undocumented-merchant-external-id</code>. Ask Benji before you do the same.
        </p>
      </section>
    </main>
  );
}

function Try({ title, text, scenario, mode = "transfer", name }: TryProps) {
  return (
    <li>
      <div>
        <h3>… {title}</h3>
        <p className="quiet">{text}</p>
      </div>
      <BenjiConnectButton
        className="button second"
        mode={mode}
        returnTo="/"
        fetchConnectToken={`${fetchConnectToken}?scenario=${scenario}`}
      >
        {name}
      </BenjiConnectButton>
    </li>
  );
}

interface TryProps {
  title: string;
  text: string;
  /** The name of a sandbox scenario. */
  scenario: string;
  mode?: "connect" | "transfer";
  name: string;
}

function Offer({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <section className="card offer">
      <h2>{title}</h2>
      <p>{text}</p>
      {children}
    </section>
  );
}

const Beans = () => (
  <svg className="picture" viewBox="0 0 320 260" aria-hidden="true">
    <ellipse cx="156" cy="228" rx="124" ry="16" className="shade" />
    <path className="handle" d="M234 116h14a28 28 0 0 1 0 56h-20" />
    <path className="cup" d="M58 96h176v44c0 48-32 80-74 80h-28c-42 0-74-32-74-80z" />
    <ellipse className="rim" cx="146" cy="96" rx="88" ry="22" />
    <ellipse className="coffee" cx="146" cy="98" rx="74" ry="16" />
    <path
      className="star"
      d="M146 132c2.6 20 15 32.4 35 35-20 2.6-32.4 15-35 35-2.6-20-15-32.4-35-35 20-2.6 32.4-15 35-35z"
    />
    <g className="steam">
      <path d="M112 62c-12-14 12-24 0-42" />
      <path d="M146 56c-12-14 12-24 0-42" />
      <path d="M180 62c-12-14 12-24 0-42" />
    </g>
  </svg>
);
