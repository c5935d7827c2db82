import { createFileRoute } from "@tanstack/react-router";
import { BenjiConnectButton } from "react-benji-connect";

export const Route = createFileRoute("/")({
  component: () => <BenjiConnectButton fetchConnectToken="/api/benji/connect-token" />,
});
