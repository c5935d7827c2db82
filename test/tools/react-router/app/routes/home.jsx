import { BenjiConnectButton } from "react-benji-connect";

export default function Home() {
  return <BenjiConnectButton fetchConnectToken="/api/benji/connect-token" />;
}
