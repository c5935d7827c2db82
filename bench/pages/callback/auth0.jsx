import { Auth0Provider, useAuth0 } from "@auth0/auth0-react";
import { benji, callbackUrl, isStart, Leave, Result, show } from "./harness.jsx";

function Callback() {
  const { isLoading, user, loginWithRedirect } = useAuth0();
  if (isStart) return <Leave start={isLoading ? undefined : () => loginWithRedirect()} />;
  return user ? <Result>{user.sub}</Result> : null;
}

show(
  <Auth0Provider
    domain={benji}
    clientId="bench"
    authorizationParams={{ redirect_uri: callbackUrl }}
  >
    <Callback />
  </Auth0Provider>,
);
