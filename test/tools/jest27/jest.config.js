module.exports = {
  testEnvironment: "jsdom",
  testMatch: ["**/*.test.cjs"],
  transform: {},
  setupFiles: ["./setup.cjs"],
};
