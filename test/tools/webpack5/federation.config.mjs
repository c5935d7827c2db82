// A shop and the widget of another team: React is shared, and each has its own copy of the library.
import { join } from "node:path";
import webpack from "webpack";

const { ModuleFederationPlugin } = webpack.container;

const federated = (name, entry, options) => ({
  name,
  mode: "production",
  entry,
  output: {
    path: join(import.meta.dirname, "dist"),
    filename: "[name].js",
    chunkFilename: `${name}.[id].js`,
    publicPath: "/",
    uniqueName: name,
  },
  plugins: [
    new ModuleFederationPlugin({
      name,
      shared: { react: { singleton: true }, "react-dom": { singleton: true } },
      ...options,
    }),
  ],
});

export default [
  federated("widget", {}, { filename: "widget.js", exposes: { "./benji": "react-benji-connect" } }),
  federated(
    "shop",
    // Shared modules are available only after an import() of the whole app.
    { bundle: "data:text/javascript,import('./federation.js')" },
    { remotes: { widget: "widget@/widget.js" } },
  ),
];
