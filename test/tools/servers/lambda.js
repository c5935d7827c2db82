import { answerBenji } from "./benji.js";

/** For API Gateway's payload format 2.0, and for function URLs. */
export async function handler(event) {
  const { rawPath, rawQueryString, headers, cookies, body, isBase64Encoded } = event;
  const { method } = event.requestContext.http;
  const request = new Request(`https://${headers.host}${rawPath}?${rawQueryString}`, {
    method,
    headers: { ...headers, cookie: (cookies ?? []).join("; ") },
    body: body === undefined ? null : Buffer.from(body, isBase64Encoded ? "base64" : "utf8"),
  });
  const response = await answerBenji(request);
  return {
    statusCode: response.status,
    headers: Object.fromEntries([...response.headers].filter(([name]) => name !== "set-cookie")),
    cookies: response.headers.getSetCookie(),
    body: await response.text(),
  };
}
