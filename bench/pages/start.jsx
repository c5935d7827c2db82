// Where a member of the callback bench comes from: leaves at once, with a state where one is kept.
import { createConnectFlow } from "react-benji-connect/core";

const { hosted, lane } = JSON.parse(document.querySelector("meta[name=bench]").content);

const START = {
  plain: () => location.assign(`${hosted}?state=anything`),
  byHand: () => {
    const state = crypto.randomUUID();
    sessionStorage.setItem("benji-state", state);
    location.assign(`${hosted}?state=${state}`);
  },
  ours: () => createConnectFlow({ hostedConnectUrl: hosted }).connect(),
};

START[lane]();
