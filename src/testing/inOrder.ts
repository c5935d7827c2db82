/** Makes a function that gives the answers in order; the last one repeats. */
export function inOrder<Answer extends string>(
  answers: Answer | readonly [Answer, ...Answer[]],
): () => Answer {
  const list = typeof answers === "string" ? ([answers] as const) : answers;
  let asked = 0;
  return () => list[Math.min(asked++, list.length - 1)] as Answer;
}
