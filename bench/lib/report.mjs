// Writes each result to the console, to results.json, and into bench/README.md between its markers,
// so that the document shows measured numbers only.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { targetsTable } from "./targets.mjs";

const RESULTS = fileURLToPath(new URL("../results.json", import.meta.url));
const DOCS = fileURLToPath(new URL("../README.md", import.meta.url));

const readResults = () => (existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, "utf8")) : {});

export async function saveResults(name, result) {
  const rounded = JSON.parse(JSON.stringify({ ...readResults(), [name]: result }, round));
  await write(RESULTS, JSON.stringify(rounded));
}

const round = (_, value) =>
  Number.isInteger(value) || typeof value !== "number" ? value : Number(value.toPrecision(4));

export function printTables(name, result) {
  console.log(`\n${name}: ${saidOf(result)}`);
  for (const { title, rows } of result.tables) {
    console.log(`\n${title}`);
    const [first] = Object.keys(rows[0]);
    console.table(
      Object.fromEntries(
        rows.map(({ [first]: key, ...cells }) => [
          key,
          Object.fromEntries(Object.entries(cells).map(([column, cell]) => [column, say(cell)])),
        ]),
      ),
    );
  }
}

export async function writeTablesIntoDocs() {
  const results = readResults();
  const text = readFileSync(DOCS, "utf8").replace(
    /(<!-- bench:(\w+) -->)[^]*?(<!-- end -->)/g,
    (all, begin, name, end) => {
      const told = name === "targets" ? tableToMarkdown(targetsTable(results)) : undefined;
      if (!told && !results[name]) return all;
      return `${begin}\n\n${told ?? toMarkdown(results[name])}\n\n${end}`;
    },
  );
  await write(DOCS, text);
}

const toMarkdown = (result) =>
  [...result.tables.map(tableToMarkdown), `_${saidOf(result)}_`].join("\n\n");

function tableToMarkdown({ title, rows }) {
  const columns = Object.keys(rows[0]);
  const lines = [
    columns,
    columns.map(() => "---"),
    ...rows.map((row) => columns.map((c) => say(row[c]))),
  ];
  return `**${title}**\n\n${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}`;
}

const saidOf = ({ at, seconds, loadBefore, machine }) =>
  `${at}, Node ${machine.node.slice(1)}, ${machine.cores} cores at load ${loadBefore.toFixed(1)}, ${seconds} s.`;

function say(cell) {
  if (cell === undefined || cell === null) return "";
  if (typeof cell === "number") return sayNumber(cell);
  if (typeof cell === "string") return cell;
  const { median, q1, q3 } = cell;
  if (q1 === q3) return sayNumber(median);
  return `${sayNumber(median)} (${sayNumber(q1)} to ${sayNumber(q3)})`;
}

function sayNumber(value) {
  if (Number.isInteger(value)) return value.toLocaleString("en");
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

async function write(filepath, text) {
  const options = await resolveConfig(filepath);
  writeFileSync(filepath, await format(text, { ...options, filepath }));
}
