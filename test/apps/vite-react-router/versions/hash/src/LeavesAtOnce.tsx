import { useBenjiRedirectResult } from "react-benji-connect";
import { Navigate } from "react-router";
import { leavingOptions, Stays } from "./leaving.js";

export function LeavesAtOnce() {
  const result = useBenjiRedirectResult(leavingOptions("/"));
  if (result.status === "success") return <Navigate to={result.returnTo ?? "/"} replace />;
  if (result.status === "none") return <Navigate to="/" />;
  return <Stays result={result} />;
}
