import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useRouter } from "next/router";
import { useBenjiRedirectResult } from "react-benji-connect";

export default function Callback() {
  const router = useRouter();
  const result = useBenjiRedirectResult<{ cart: number }>({
    replaceUrl: (url) => router.replace(url, undefined, { shallow: true }),
  });
  const query = useSearchParams()?.toString();
  return (
    <main>
      <h1>Callback</h1>
      <p data-result>
        {result.status === "success" ? `success, cart ${result.appState?.cart}` : result.status}
      </p>
      <p data-location>?{query}</p>
      <Link href={`/other?${query}`}>Keep the query</Link>
      <Link href="/">Home</Link>
    </main>
  );
}

/** Makes Next.js render the page for each return. */
export const getServerSideProps = () => ({ props: {} });
