import { memoryStorage } from "react-benji-connect/testing";
import type { FetchConnectToken } from "../src/index.js";

/** What a token route answers. */
const ANSWER = {
  token: "0c371a1c-aa81-11ef-b28c-0a58a9feac02",
  connect_url: "https://connect.withbenji.com/khkgfoud76td",
};

/** Answers on the spot, as your token route would. */
export const answersAtOnce: FetchConnectToken = () => ANSWER;

export const neverAnswers: FetchConnectToken = () => new Promise<never>(() => {});

export const answersDown: FetchConnectToken = () => new Response(null, { status: 503 });

export const answersUnauthorized: FetchConnectToken = () => new Response(null, { status: 401 });

/** JSON, but without a token in it. */
export const answersNonsense: FetchConnectToken = () => ({ hello: "world" });

const refuse = () => {
  throw new DOMException("The user has blocked site data.", "SecurityError");
};

/** A browser whose user has blocked site data. */
export const refusingStorage = { ...memoryStorage(), getItem: refuse, setItem: refuse };
