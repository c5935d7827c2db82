// Measures the reading of an address, without React.
import { parseRedirect } from "react-benji-connect/core";

const NAMES = ["status", "state", "benji_user_uuid", "benji_user_id", "trigger_event_id"];

const READERS = {
  naive(address) {
    const { searchParams } = new URL(address);
    return Object.fromEntries(NAMES.map((name) => [name, searchParams.get(name)]));
  },
  ours: (address) => parseRedirect(address),
};

const RETURN =
  "https://shop.example/benji/callback?shop=corner&status=success&" +
  `state=benji.${"A".repeat(43)}&benji_user_uuid=0b8c0d3e-7a52-4c1e-9d55-5a3f6f2f9c11` +
  "&benji_user_id=4711&trigger_event_id=815";

const times = (count, text) => Array.from({ length: count }, () => text).join("");

/** Addresses of about `size` bytes that an attacker makes to be slow to read. */
const HOSTILE = {
  "many parameters": (size) => `${RETURN}&${times(size / 4, "a=1&")}`,
  "one state again and again": (size) => `${RETURN}&${times(size / 8, "state=x&")}`,
  "many states, all different": (size) =>
    `${RETURN}&${Array.from({ length: size / 12 }, (_, n) => `state=${n}`).join("&")}`,
  "one long value": (size) => `${RETURN}&state=${times(size, "x")}`,
  escapes: (size) => `${RETURN}&state=${times(size / 3, "%41")}`,
  "broken escapes": (size) => `${RETURN}&state=${times(size, "%")}`,
  separators: (size) => `${RETURN}${times(size, "&")}`,
  "a long path": (size) => RETURN.replace("/benji/", times(size / 2, "/.")),
  "a long hash": (size) => `${RETURN}#${times(size, "&state=x")}`.slice(0, size),
};

let sink;

/** Returns µs per read. */
function read(reader, address, count) {
  const work = READERS[reader];
  const began = performance.now();
  for (let n = 0; n < count; n++) sink = work(address);
  return ((performance.now() - began) * 1_000) / count;
}

globalThis.bench = {
  real: (reader) => read(reader, RETURN, 2_000),
  hostile: (reader, kind, size) => read(reader, HOSTILE[kind](size), 5),
  kinds: Object.keys(HOSTILE),
  sink: () => sink,
};
