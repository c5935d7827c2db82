module.exports = {
  build: {
    target: "es2020",
    rollupOptions: {
      input: `${process.env.ENTRY}.js`,
      output: { entryFileNames: "bundle.js", format: "iife" },
    },
  },
};
