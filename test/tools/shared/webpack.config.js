// For webpack 5, webpack 4 and Rspack.
module.exports = {
  mode: "production",
  entry: `./${process.env.ENTRY}.js`,
  output: { path: `${__dirname}/dist`, filename: "bundle.js" },
};
