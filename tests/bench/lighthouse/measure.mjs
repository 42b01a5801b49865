// Run by __main__.py: measures one page, on a phone or at a desk, and prints Lighthouse's own report.
import { launch } from "chrome-launcher"
import lighthouse from "lighthouse"
import desktop from "lighthouse/core/config/desktop-config.js"

const [url, profile, chromePath, chromeFlags, Cookie] = process.argv.slice(2)
const chrome = await launch({ chromePath, chromeFlags: chromeFlags.split(" ") })
const flags = {
  port: chrome.port,
  output: "json",
  logLevel: "error",
  extraHeaders: Cookie ? { Cookie } : {},
  // That search engines find nothing in here is meant.
  skipAudits: ["is-crawlable"],
}
try {
  const { report } = await lighthouse(url, flags, profile === "desktop" ? desktop : undefined)
  process.stdout.write(report)
} finally {
  chrome.kill()
}
