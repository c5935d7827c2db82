import { AuthProvider, useAuth } from "react-oidc-context";
import { benji, callbackUrl, isStart, Leave, Result, show } from "./harness.jsx";

function Callback() {
  const { isLoading, user, signinRedirect } = useAuth();
  if (isStart) return <Leave start={isLoading ? undefined : () => signinRedirect()} />;
  return user ? <Result>{user.profile.sub}</Result> : null;
}

show(
  <AuthProvider
    authority={benji}
    client_id="bench"
    redirect_uri={callbackUrl}
    metadata={{
      issuer: `${benji}/`,
      authorization_endpoint: `${benji}/authorize`,
      token_endpoint: `${benji}/oauth/token`,
    }}
    onSigninCallback={() => history.replaceState(null, "", location.pathname)}
  >
    <Callback />
  </AuthProvider>,
);
