import { useBenjiRedirectResult } from "react-benji-connect";
import { Form, useNavigate } from "react-router";

export default function Callback() {
  const navigate = useNavigate();
  const result = useBenjiRedirectResult({
    path: "/callback",
    confirm: "/api/benji/confirm",
    replaceUrl: (url) => navigate(url, { replace: true }),
  });
  return (
    <>
      <p id="result">{result.status}</p>
      {/* A form without an action has the address as its action, and so in the HTML. */}
      <Form method="post">
        <button>Sign out</button>
      </Form>
    </>
  );
}
