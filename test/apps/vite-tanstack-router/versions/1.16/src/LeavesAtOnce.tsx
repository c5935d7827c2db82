import { Navigate } from "@tanstack/react-router";
import { useBenjiRedirectResult } from "react-benji-connect";
import { leavingOptions, Stays } from "./leaving.js";

export function LeavesAtOnce() {
  const result = useBenjiRedirectResult(leavingOptions("/benji/callback"));
  // Navigate has no href in this version.
  if (result.status === "success")
    return <Navigate to="/other" search={{ keep: 1 }} hash="part" replace />;
  if (result.status === "none") return <Navigate to="/" />;
  return <Stays result={result} />;
}
