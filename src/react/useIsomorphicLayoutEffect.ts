import { useEffect, useLayoutEffect } from "react";

// React 18 warns about layout effects in a server render.
export const useIsomorphicLayoutEffect =
  typeof window === "undefined" ? useEffect : useLayoutEffect;
