import Link from "next/link";
import { Connect } from "../Connect";

/** Without a server action as in the newer versions: in Next.js 14 it gets plain objects only, no signal. */
export default function Other() {
  return (
    <main>
      <h1>Other</h1>
      <Connect cart={3} />
      <Link href="/">Home</Link>
    </main>
  );
}
