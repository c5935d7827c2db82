const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const HTTP_DATE =
  /^(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d) (?:GMT|UTC|[+-]0000)$/;
const ISO_DATE = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)? ?(?:Z|GMT|UTC|[+-]00:?00)?$/;
// Ten digits of seconds, or thirteen of milliseconds, cover the years 2001 to 2286.
const SECONDS = /^\d{10}(?:\.\d+)?$/;
const MILLISECONDS = /^\d{13}$/;

/**
 * Reads a date in UTC, in milliseconds since 1970; `undefined` for any other text. "A datetime in GMT
 * format" is all that the documents say, so the usual spellings are read: an HTTP date, a date and time
 * of ISO 8601 (without an offset it is UTC), seconds and milliseconds since 1970.
 */
export function readUtcDate(text: string): number | undefined {
  if (SECONDS.test(text)) return Math.trunc(Number(text) * 1000);
  if (MILLISECONDS.test(text)) return Number(text);
  const date = Date.parse(readHttpDate(text) ?? readIsoDate(text) ?? "");
  return Number.isNaN(date) ? undefined : date;
}

function readHttpDate(text: string): string | undefined {
  const [, day = "", month = "", year, time] = HTTP_DATE.exec(text) ?? [];
  if (!MONTHS.includes(month)) return undefined;
  const number = String(MONTHS.indexOf(month) + 1);
  return `${year}-${number.padStart(2, "0")}-${day.padStart(2, "0")}T${time}Z`;
}

function readIsoDate(text: string): string | undefined {
  const [, day, time, fraction = ""] = ISO_DATE.exec(text) ?? [];
  return day && `${day}T${time}${fraction.slice(0, 4)}Z`;
}
