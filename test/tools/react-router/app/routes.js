import { index, route } from "@react-router/dev/routes";

export default [
  index("routes/home.jsx"),
  route("callback", "routes/callback.jsx"),
  route("api/benji/connect-token", "routes/api.benji.connect-token.js"),
  route("api/benji/confirm", "routes/api.benji.confirm.js"),
];
