import { Navigate } from "@tanstack/react-router";
import { useBenjiRedirectResult } from "react-benji-connect";
import { leavingOptions, Stays } from "./leaving.js";

export function LeavesAtOnce() {
  const result = useBenjiRedirectResult(leavingOptions("/benji/callback"));
  if (result.status === "success") return <Navigate to="." href={result.returnTo ?? "/"} replace />;
  if (result.status === "none") return <Navigate to="/" />;
  return <Stays result={result} />;
}
