import { Suspense } from "react";
import Link from "next/link";
import { Location } from "../../Location";
import { Result } from "../../Result";

/** A static page: the same HTML for every return. */
export default function Callback() {
  return (
    <main>
      <h1>Callback</h1>
      <Result />
      <Suspense>
        <Location />
      </Suspense>
      <Link href="/">Home</Link>
    </main>
  );
}
