import { useEffect, useLayoutEffect } from "react";

// In a server render React 18 warns about useLayoutEffect.
export const useIsomorphicLayoutEffect =
  typeof window === "undefined" ? useEffect : useLayoutEffect;
