"use client";

import Link from "next/link";
import { useSearchParams } from "next/navigation";

/** The query as Next.js knows it, and a link with this query. */
export function Location() {
  const query = useSearchParams().toString();
  return (
    <>
      <p data-location>?{query}</p>
      <Link href={`/other?${query}`}>Keep the query</Link>
    </>
  );
}
