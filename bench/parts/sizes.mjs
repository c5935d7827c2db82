// Measures what an import adds to a partner's bundle: ours and the compared libraries'.
import { fileURLToPath } from "node:url";
import { IMPORTS, sizeOf } from "../../scripts/size.mjs";

const BY_HAND = "../pages/byHand.jsx";
const resolveDir = fileURLToPath(new URL(".", import.meta.url));

const OTHERS = [
  ["by hand, state checked", BY_HAND, "HandButton, useHandResult"],
  ["@react-oauth/google", undefined, "GoogleOAuthProvider, useGoogleLogin", "yes"],
  ["react-plaid-link", undefined, "PlaidLink", "yes"],
  ["@workos-inc/authkit-react", undefined, "AuthKitProvider, useAuth"],
  ["@quiltt/react", undefined, "QuilttButton", "yes"],
  ["react-oidc-context", undefined, "AuthProvider, useAuth"],
  ["@auth0/auth0-react", undefined, "Auth0Provider, useAuth0"],
];

const whole = (text) => text.replace(/^\*$/, "everything") || "imported and unused";

export async function sizes() {
  const ours = IMPORTS.map(async ({ names, limit }) => ({
    import: whole(names),
    ...(await sizeOf(names)),
    "limit in CI": limit,
  }));
  const others = OTHERS.map(async ([name, entry = name, names, script = ""]) => ({
    import: name,
    names,
    ...(await sizeOf(names, { entry, resolveDir })),
    "vendor script as well": script,
  }));
  return [
    { title: "react-benji-connect, bytes", rows: await Promise.all(ours) },
    { title: "The others, bytes", rows: await Promise.all(others) },
  ];
}
