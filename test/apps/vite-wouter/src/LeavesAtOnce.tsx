import { useBenjiRedirectResult } from "react-benji-connect";
import { Redirect } from "wouter";
import { leavingOptions, Stays } from "./leaving.js";

export function LeavesAtOnce() {
  const result = useBenjiRedirectResult(leavingOptions("/benji/callback"));
  if (result.status === "success") return <Redirect to={result.returnTo ?? "/"} replace />;
  if (result.status === "none") return <Redirect to="/" />;
  return <Stays result={result} />;
}
