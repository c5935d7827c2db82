module.exports = {
  mode: "production",
  entry: `./${process.env.ENTRY}.js`,
  output: { path: `${__dirname}/dist`, filename: "bundle.js" },
};
