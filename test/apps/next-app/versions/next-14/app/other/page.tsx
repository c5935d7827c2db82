import Link from "next/link";
import { Connect } from "../Connect";

/** Next.js 14 gives a server action nothing but plain objects, and so no signal. */
export default function Other() {
  return (
    <main>
      <h1>Other</h1>
      <Connect cart={3} />
      <Link href="/">Home</Link>
    </main>
  );
}
