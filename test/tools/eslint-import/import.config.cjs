const importPlugin = require("eslint-plugin-import");

module.exports = [
  {
    files: ["*.js"],
    plugins: { import: importPlugin },
    languageOptions: { sourceType: "module", ecmaVersion: 2022 },
    rules: { "import/no-unresolved": "error", "import/named": "error", "import/extensions": "off" },
  },
];
