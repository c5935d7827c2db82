// The texts of the findings are in each check's own file (check….ts), and one in doctor.ts.

/** What one check has found. */
export interface Finding {
  readonly check: string;
  /** `unknown`: the doctor cannot check it from here. That is no fault. */
  readonly verdict: "ok" | "wrong" | "unknown";
  /** What was seen, but never a token, a key or a cookie. */
  readonly found: string;
  /** What to do about it. */
  readonly todo?: string;
}

export const ok = (check: string, found: string): Finding => ({ check, verdict: "ok", found });

export const wrong = (check: string, found: string, todo: string): Finding => ({
  check,
  verdict: "wrong",
  found,
  todo,
});

export const unknown = (check: string, found: string, todo?: string): Finding => ({
  check,
  verdict: "unknown",
  found,
  ...(todo !== undefined && { todo }),
});
