// Four ways to Benji; the page's meta element names one.
import { createRoot } from "react-dom/client";
import { BenjiConnectButton } from "react-benji-connect";
import { HandButton } from "./byHand.jsx";

const { hosted, lane } = JSON.parse(document.querySelector("meta[name=bench]").content);

const fetchConnectToken = (request, { signal }) =>
  fetch("/api/benji/connect-token", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
    signal,
  });

const ours = { mode: "transfer", fetchConnectToken };

const LANES = {
  link: () => <a href={`${hosted}?connect_token=t-1&state=s-1`}>Go</a>,
  byHand: () => <HandButton mode="transfer">Go</HandButton>,
  ours: () => <BenjiConnectButton {...ours}>Go</BenjiConnectButton>,
  oursIntent: () => (
    <BenjiConnectButton {...ours} prefetch="intent">
      Go
    </BenjiConnectButton>
  ),
};

// This cookie tells Benji's server, another port of the same host, when the click came.
addEventListener(
  "click",
  () => {
    document.cookie = `clicked=${performance.timeOrigin + performance.now()}; path=/`;
  },
  true,
);

// Emptied when the page is left: otherwise each measured click would find the records of the clicks before.
navigation.addEventListener("navigate", () => sessionStorage.clear());

createRoot(document.getElementById("root")).render(LANES[lane]());
