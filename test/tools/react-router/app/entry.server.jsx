import { renderToReadableStream } from "react-dom/server";
import { removeRedirectParams } from "react-benji-connect/core";
import { ServerRouter } from "react-router";

export default async function handleRequest(request, status, headers, context) {
  const { location } = context.staticHandlerContext;
  location.search = removeRedirectParams(location.search);
  headers.set("content-type", "text/html; charset=utf-8");
  const page = <ServerRouter context={context} url={request.url} />;
  return new Response(await renderToReadableStream(page), { status, headers });
}
