import { PAGE_SCRIPT } from "./script.ts";
import { PAGE_STYLE } from "./style.ts";

/** The page itself; it holds no state. `nonce` is that of its content security policy. */
export function writePage(nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Callform sandbox</title>
<style nonce="${nonce}">${PAGE_STYLE}</style>
</head>
<body>
<header>
<h1>Callform sandbox</h1>
<p id="summary" role="status">Reading…</p>
</header>
<main>
<section aria-labelledby="apps-title">
<h2 id="apps-title">Call flow apps</h2>
<label for="find">Number or name</label>
<input id="find" type="search" autocomplete="off">
<div id="apps"></div>
</section>
<section aria-labelledby="requests-title">
<h2 id="requests-title">Last requests</h2>
<div class="wide" tabindex="0" role="region" aria-labelledby="requests-title">
<table>
<thead><tr><th scope="col">Time</th><th scope="col">Status</th><th scope="col">Request</th></tr></thead>
<tbody id="requests"></tbody>
</table>
</div>
</section>
</main>
<noscript>This page needs JavaScript to show the state of the sandbox.</noscript>
<script nonce="${nonce}">${PAGE_SCRIPT}</script>
</body>
</html>
`;
}
