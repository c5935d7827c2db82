import { AuthKitProvider, useAuth } from "@workos-inc/authkit-react";
import { benji, callbackUrl, isStart, Leave, Result, show } from "./harness.jsx";

function Callback() {
  const { isLoading, user, signIn } = useAuth();
  if (isStart) return <Leave start={isLoading ? undefined : () => signIn()} />;
  return user ? <Result>{user.id}</Result> : null;
}

const { hostname, port } = new URL(benji);

show(
  <AuthKitProvider
    clientId="bench"
    apiHostname={hostname}
    port={Number(port)}
    https={false}
    devMode
    redirectUri={callbackUrl}
    onRedirectCallback={() => {}}
  >
    <Callback />
  </AuthKitProvider>,
);
