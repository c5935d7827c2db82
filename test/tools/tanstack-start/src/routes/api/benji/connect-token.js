import { createFileRoute } from "@tanstack/react-router";
import { answerToken } from "../../../../benji.js";

export const Route = createFileRoute("/api/benji/connect-token")({
  server: { handlers: { POST: ({ request }) => answerToken(request) } },
});
