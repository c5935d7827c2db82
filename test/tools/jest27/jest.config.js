module.exports = {
  testEnvironment: "jsdom",
  moduleFileExtensions: ["js", "cjs", "json"],
  testMatch: ["**/*.test.cjs"],
  transform: {},
  setupFiles: ["./setup.cjs"],
};
