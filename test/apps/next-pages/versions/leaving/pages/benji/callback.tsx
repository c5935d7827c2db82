import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useRouter } from "next/router";
import { useBenjiRedirectResult } from "react-benji-connect";
import { leavingOptions, textOf, useLeave } from "../../leaving";

export default function Callback() {
  const router = useRouter();
  const result = useBenjiRedirectResult<{ cart: number }>({
    ...leavingOptions,
    replaceUrl: (url) => router.replace(url, undefined, { shallow: true }),
  });
  useLeave(result);
  const query = useSearchParams()?.toString();
  return (
    <main>
      <h1>Callback</h1>
      <p data-result>{textOf(result)}</p>
      <p data-location>?{query}</p>
      <Link href={`/other?${query}`}>Keep the query</Link>
      <Link href="/">Home</Link>
    </main>
  );
}
