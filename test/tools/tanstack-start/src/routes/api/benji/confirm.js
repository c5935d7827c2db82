import { createFileRoute } from "@tanstack/react-router";
import { answerConfirm } from "../../../../benji.js";

export const Route = createFileRoute("/api/benji/confirm")({
  server: { handlers: { POST: ({ request }) => answerConfirm(request) } },
});
