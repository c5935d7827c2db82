import { expect, it } from "vitest";
import { plainWordFaults } from "../../scripts/plainWords.mjs";

it.each([
  ["a forged visit burns nothing", '1: "burns": write use up, invalidate'],
  ["// fine\nconst bent = 1;", '2: "bent": write altered, malformed'],
  ["before a token is minted", '1: "minted": write issue, create'],
  ["calling it off", '1: "calling it off": write abort'],
  ["the jar", '1: "jar": write cookie store'],
  ["const isBent = 1;", '1: "Bent": write altered, malformed'],
  ["const bentCookie = 1;", '1: "bent": write altered, malformed'],
  ["CookieJar", '1: "Jar": write cookie store'],
  ["tokens.spoilFlow()", '1: "spoilFlow": write invalidate'],
])("lint names the word to replace in %j", (text, fault) => {
  expect(plainWordFaults(text)).toEqual([fault]);
});

it.each(["burner", "bento", "minty", "call site, offline", "ajar", "Burnley"])(
  "lint accepts %j, which only resembles a word that it forbids",
  (text) => {
    expect(plainWordFaults(text)).toEqual([]);
  },
);
