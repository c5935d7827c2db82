module.exports = {
  testEnvironment: "jsdom",
  moduleFileExtensions: ["js", "cjs", "json"],
  testMatch: ["**/page.test.cjs"],
  transform: {},
  setupFiles: ["./setup.cjs"],
};
