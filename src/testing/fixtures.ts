// Sample values for the helpers of this folder. None of them exists at Benji.

export const TOKEN_ANSWER = {
  token: "test-connect-token",
  connect_url: "https://connect.withbenji.com/49",
};

export const CALLBACK = "/benji/callback";

export const UUID = "7d444840-9dc0-11d1-b245-5ffdce74fad2";
export const OTHER_UUID = "c9a646d3-9c61-4cb7-bfcd-ee2522c8f633";
