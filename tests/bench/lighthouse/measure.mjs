// Run by __main__.py: measures one page, as a phone has it, and prints Lighthouse's own report.
import { launch } from "chrome-launcher"
import lighthouse from "lighthouse"

const [url, chromePath, chromeFlags, Cookie] = process.argv.slice(2)
const chrome = await launch({ chromePath, chromeFlags: chromeFlags.split(" ") })
const extraHeaders = Cookie ? { Cookie } : {}
const { report } = await lighthouse(url, { port: chrome.port, output: "json", logLevel: "error", extraHeaders })
chrome.kill()
process.stdout.write(report)
