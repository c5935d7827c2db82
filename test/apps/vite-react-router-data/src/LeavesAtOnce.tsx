import { useBenjiRedirectResult } from "react-benji-connect";
import { Navigate, useNavigate } from "react-router";
import { leavingOptions, Stays } from "./leaving.js";

export function LeavesAtOnce() {
  const navigate = useNavigate();
  const result = useBenjiRedirectResult({
    ...leavingOptions("/benji/callback"),
    replaceUrl: (url) => navigate(url, { replace: true }),
  });
  if (result.status === "success") return <Navigate to={result.returnTo ?? "/"} replace />;
  if (result.status === "none") return <Navigate to="/" />;
  return <Stays result={result} />;
}
