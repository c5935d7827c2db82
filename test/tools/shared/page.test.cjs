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

it("loading the server entry as in a browser throws an error that says what to do", () => {
  let message = "";
  try {
    require("react-benji-connect/server");
  } catch (error) {
    message = error.message;
  }
  // Jest 27 and 30 do not use the browser condition here, and so load the server.
  if (!process.env.LOADS_SERVER) expect(message).toContain("@jest-environment node");
});
