import { patience } from "./patience.js"
import { _ } from "../words/words.js"

/** What the server said instead of yes; status 0 is a connection that was lost. */
export class Refusal extends Error {
  constructor(status, sentence = "", seconds = 0) {
    super(sentence || _("The server answered %(status)s", { status }))
    Object.assign(this, { status, sentence, seconds })
  }
}

/** The sentence for a person in an answer's body, if there is one. */
export function sentenceIn(body, type) {
  if (/json/.test(type ?? "")) {
    try {
      const { detail, title } = JSON.parse(body)
      return detail || title || ""
    } catch {
      return "" // cut off on its way: the number will have to do
    }
  }
  return /^text\/plain/.test(type ?? "") ? body.trim().slice(0, 300) : ""
}

/** Ask for JSON, or send some and get the answer.
 *
 *  @throws {Refusal} anything but a yes
 */
export async function ask(path, body) {
  const answer = await reach(path, body)
  if (answer.redirected) throw new Refusal(401)
  if (answer.ok) return answer.json()
  const sentence = sentenceIn(await answer.text(), answer.headers.get("Content-Type"))
  throw new Refusal(answer.status, sentence, Number(answer.headers.get("Retry-After")) || 0)
}

async function reach(path, body) {
  const headers = { Accept: "application/json" }
  const signal = AbortSignal.timeout(patience())
  try {
    if (!body) return await fetch(path, { headers, signal, cache: "no-store" })
    headers["Content-Type"] = "application/json"
    return await fetch(path, { method: "POST", headers, signal, body: JSON.stringify(body) })
  } catch {
    throw new Refusal(0)
  }
}

/** Who is signed in now: the page says it, and nobody else is to get these files. */
export async function person() {
  const answer = await fetch("/upload", { cache: "no-store", signal: AbortSignal.timeout(patience()) })
  const page = new DOMParser().parseFromString(await answer.text(), "text/html")
  return page.querySelector("[data-person]")?.dataset.person
}
