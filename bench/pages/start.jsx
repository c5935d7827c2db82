// The shop's page before the callback: goes to Benji at once, and stores a state if the lane checks one.
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
