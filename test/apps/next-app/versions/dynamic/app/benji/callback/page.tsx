import Link from "next/link";
import { Location } from "../../Location";
import { Result } from "../../Result";

export const dynamic = "force-dynamic";

type Query = Record<string, string | string[] | undefined>;

/** A dynamic page: the server renders it for each return and knows the query. */
export default async function Callback({ searchParams }: { searchParams: Promise<Query> }) {
  return (
    <main>
      <h1>Callback</h1>
      <p data-server>{Object.keys(await searchParams).join(" ")}</p>
      <Result />
      <Location />
      <Link href="/">Home</Link>
    </main>
  );
}
