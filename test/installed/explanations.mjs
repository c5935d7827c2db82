// The texts of console messages, from src/core/explain/: only development bundles may contain them.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const HERE = new URL("../../src/core/explain/", import.meta.url);

export const explainingSources = readdirSync(fileURLToPath(HERE)).map((name) =>
  readFileSync(new URL(name, HERE), "utf8"),
);

/** The message texts that are too long to occur in other code by chance. */
export const explanations = explainingSources.flatMap(textsOf);

function textsOf(code) {
  const texts = [];
  const look = (node) => {
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node);
    if (isText || ts.isTemplateMiddleOrTemplateTail(node))
      if (/[a-z] [a-z]/.test(node.text) && node.text.length > 12) texts.push(node.text);
    ts.forEachChild(node, look);
  };
  look(ts.createSourceFile("x.ts", code, ts.ScriptTarget.Latest));
  return texts;
}

/** The explanations that a bundle contains. */
export const explanationsIn = (bundle) => explanations.filter((text) => bundle.includes(text));
