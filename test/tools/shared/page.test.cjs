const spec = require("./spec.cjs");

spec(
  {
    react: require("react"),
    rtl: require("@testing-library/react"),
    benji: require("react-benji-connect"),
    testing: require("react-benji-connect/testing"),
  },
  { it, expect, afterEach },
);

it("says what to do where the server entry is loaded as in a browser", () => {
  let message = "";
  try {
    require("react-benji-connect/server");
  } catch (error) {
    message = error.message;
  }
  // Jest 27 and 30 do not choose the browser condition here, and so have the server.
  if (!process.env.LOADS_SERVER) expect(message).toContain("@jest-environment node");
});
