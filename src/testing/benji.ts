// What the fakes agree on. Nothing of it exists at Benji.

export const TOKEN_ANSWER = {
  token: "test-connect-token",
  connect_url: "https://connect.withbenji.com/49",
};

export const CALLBACK = "/benji/callback";

/** Somebody, and somebody else. */
export const UUID = "7d444840-9dc0-11d1-b245-5ffdce74fad2";
export const OTHER_UUID = "c9a646d3-9c61-4cb7-bfcd-ee2522c8f633";
