"use client";

import Link from "next/link";
import { useSearchParams } from "next/navigation";

/** What Next.js itself knows of the address, and a link that takes it along. */
export function Location() {
  const query = useSearchParams().toString();
  return (
    <>
      <p data-location>?{query}</p>
      <Link href={`/other?${query}`}>Keep the query</Link>
    </>
  );
}
