module.exports = {
  testEnvironment: "jsdom",
  testMatch: ["**/*.test.cjs"],
  transform: {},
};
