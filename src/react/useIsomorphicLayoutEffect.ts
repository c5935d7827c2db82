import { useEffect, useLayoutEffect } from "react";

// The server has no layout effects and warns about them in React 18.
export const useIsomorphicLayoutEffect =
  typeof window === "undefined" ? useEffect : useLayoutEffect;
