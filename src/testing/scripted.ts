/** Makes a function that gives the answers in order; the last one repeats. */
export function scripted<Answer extends string>(
  answers: Answer | readonly [Answer, ...Answer[]],
): () => Answer {
  const script = typeof answers === "string" ? ([answers] as const) : answers;
  let asked = 0;
  return () => script[Math.min(asked++, script.length - 1)] as Answer;
}
